//! Refusals to start, each one sentence.

use std::fs;
use std::path::Path;

use super::{open_folder, settings};
use crate::postgres::binaries::major_in;
use crate::postgres::{Account, Binaries, Owned, Settings, StartError};

#[test]
fn a_folder_without_programs_is_named() {
    let folder = open_folder();
    let settings = Settings { binaries: Some(folder.path().join("bin")), ..settings(folder.path()) };
    let refusal = Owned::start(&settings).unwrap_err();
    assert!(matches!(refusal, StartError::NotBinaries(_)), "{refusal}");
    assert_one_sentence(&refusal);
}

#[test]
fn a_cluster_of_another_major_version_is_left_alone() {
    let folder = open_folder();
    let cluster = folder.path().join("postgres");
    fs::create_dir(&cluster).unwrap();
    fs::write(cluster.join("PG_VERSION"), "9\n").unwrap();
    let refusal = Owned::start(&settings(folder.path())).unwrap_err();
    assert!(matches!(refusal, StartError::OtherMajor { wanted: 9, .. }), "{refusal}");
    assert_one_sentence(&refusal);
    assert_eq!(fs::read_dir(&cluster).unwrap().count(), 1);
}

#[test]
fn what_postgresql_says_about_a_bad_setting_is_passed_on() {
    let folder = open_folder();
    Owned::start(&settings(folder.path())).unwrap().stop();
    fs::write(folder.path().join("postgres/postgresql.conf"), "no_such_setting = 1\n").unwrap();
    let refusal = Owned::start(&settings(folder.path())).unwrap_err();
    assert!(refusal.to_string().contains("no_such_setting"), "{refusal}");
    assert_one_sentence(&refusal);
}

#[test]
fn a_link_in_the_path_is_followed_to_its_siblings() {
    let folder = open_folder();
    let account = Account::of_cluster(Path::new("/nowhere")).unwrap();
    let found = Binaries::find(&settings(folder.path()), &account, None).unwrap();
    let links = folder.path().join("links");
    fs::create_dir(&links).unwrap();
    std::os::unix::fs::symlink(found.initdb(), links.join("initdb")).unwrap();
    let settings = Settings { binaries: Some(links), ..settings(folder.path()) };
    let through = Binaries::find(&settings, &account, None).unwrap();
    assert_eq!(through.postgres(), found.postgres());
}

#[test]
fn version_lines_of_every_kind() {
    assert_eq!(major_in("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
    assert_eq!(major_in("postgres (PostgreSQL) 19beta1\n"), Some(19));
    assert_eq!(major_in("postgres (PostgreSQL) 18\n"), Some(18));
    assert_eq!(major_in("mysqld  Ver 8.0\n"), None);
}

fn assert_one_sentence(refusal: &StartError) {
    let text = refusal.to_string();
    assert!(!text.contains('\n') && !text.ends_with('.'), "{text}");
}
