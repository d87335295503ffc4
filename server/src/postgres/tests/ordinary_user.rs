//! The same without root's rights, and what root does where other accounts cannot go.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;

use nix::unistd::{User, geteuid};

use super::killed::owner_command;
use super::{ask, client::ask_at, open_folder, postmaster_of, settings, wait_until};
use crate::postgres::{Owned, Settings, StartError};

#[test]
fn an_ordinary_user_runs_it_as_themselves() {
    let folder = open_folder();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    // The build folder may be closed to others.
    let program = folder.path().join("tests");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let mut command = owner_command(&program, &data);
    let user = if geteuid().is_root() {
        // By name, since `initdb` refuses a user without one.
        let nobody = User::from_name("nobody").unwrap().unwrap();
        let (uid, gid) = (nobody.uid.as_raw(), nobody.gid.as_raw());
        chown(&data, Some(uid), Some(gid)).unwrap();
        command.uid(uid).gid(gid);
        uid
    } else {
        geteuid().as_raw()
    };
    let mut parent = command.spawn().unwrap();
    wait_until("the owner is up", || data.join("url").exists());
    let url = fs::read_to_string(data.join("url")).unwrap();
    assert_eq!(fs::metadata(format!("/proc/{}", postmaster_of(&data))).unwrap().uid(), user);
    ask_at(&url, "create table kept (n int); insert into kept values (3)");
    fs::write(data.join("stop"), "").unwrap();
    assert!(parent.wait().unwrap().success());

    // Root keeps to the cluster's owner; `postgres` could not open it.
    let owned = Owned::start(&settings(&data)).unwrap();
    assert_eq!(fs::metadata(format!("/proc/{}", postmaster_of(&data))).unwrap().uid(), user);
    assert_eq!(ask(&owned, "select n from kept"), ["3"]);
}

#[test]
fn root_keeps_the_cluster_elsewhere_when_the_folder_is_closed_to_others() {
    let folder = open_folder();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let settings = Settings { system_dir: folder.path().join("system"), ..settings(&closed.join("data")) };
    let owned = Owned::start(&settings).unwrap();
    if geteuid().is_root() {
        let note = owned.note().unwrap();
        assert!(note.contains("is kept in") && note.contains(closed.to_str().unwrap()), "{note}");
        assert!(!closed.join("data/postgres").exists());
        ask(&owned, "create table kept (n int); insert into kept values (5)");
        owned.stop();
        let owned = Owned::start(&settings).unwrap();
        assert_eq!(ask(&owned, "select n from kept"), ["5"]);
    } else {
        assert_eq!(owned.note(), None);
    }
}

#[test]
fn root_never_replaces_a_cluster_it_can_no_longer_reach() {
    let folder = open_folder();
    let data = folder.path().join("parent/data");
    Owned::start(&settings(&data)).unwrap().stop();
    close(data.parent().unwrap());
    match Owned::start(&settings(&data)) {
        Err(refusal) => assert!(matches!(refusal, StartError::Unreachable { .. }), "{refusal}"),
        Ok(_) => assert!(!geteuid().is_root()),
    }
}

#[test]
fn a_data_folder_of_mode_0700_is_opened_for_passing_only() {
    let folder = open_folder();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    close(&data);
    let owned = Owned::start(&settings(&data)).unwrap();
    assert_eq!(owned.note(), None);
    let wanted = if geteuid().is_root() { 0o701 } else { 0o700 };
    assert_eq!(fs::metadata(&data).unwrap().mode() & 0o777, wanted);
}

fn close(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
}
