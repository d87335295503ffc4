//! Deaths without notice: of the postmaster, of its owner, of both.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{ask, client::ask_at, open_folder, postmaster_of, wait_until};
use crate::postgres::{Owned, Settings};

const FOLDER: &str = "COUNTERSIGN_TEST_POSTGRES_FOLDER";

/// Durable: what these tests are about.
fn settings(folder: &Path) -> Settings {
    Settings { durable: true, ..super::settings(folder) }
}

#[test]
fn a_postmaster_that_dies_alone_comes_back_with_its_data() {
    let folder = open_folder();
    let owned = Owned::start(&settings(folder.path())).unwrap();
    ask(&owned, "create table kept (n int); insert into kept values (7)");
    for death in 1..=2 {
        let before = postmaster_of(folder.path());
        kill(Pid::from_raw(before), Signal::SIGKILL).unwrap();
        wait_until("PostgreSQL is back", || owned.restarts() == death && owned.is_up());
        assert_ne!(postmaster_of(folder.path()), before);
        assert_eq!(ask(&owned, "select n from kept"), ["7"]);
    }
}

#[test]
fn a_stop_while_the_postmaster_is_down_returns() {
    let folder = open_folder();
    let owned = Owned::start(&settings(folder.path())).unwrap();
    kill(Pid::from_raw(postmaster_of(folder.path())), Signal::SIGKILL).unwrap();
    owned.stop();
    let owned = Owned::start(&settings(folder.path())).unwrap();
    assert_eq!(ask(&owned, "select 1"), ["1"]);
}

#[test]
fn the_postmaster_goes_down_with_a_killed_owner_and_the_next_start_has_the_data() {
    let folder = open_folder();
    let (mut parent, url) = owner_of(folder.path());
    ask_at(&url, "create table kept (n int); insert into kept values (11)");
    let postmaster = postmaster_of(folder.path());
    parent.kill().unwrap();
    parent.wait().unwrap();
    // At once, while the orphan is still stopping.
    let owned = Owned::start(&settings(folder.path())).unwrap();
    assert_ne!(postmaster_of(folder.path()), postmaster);
    assert_eq!(ask(&owned, "select n from kept"), ["11"]);
    owned.stop();

    let (mut parent, _) = owner_of(folder.path());
    let postmaster = postmaster_of(folder.path());
    parent.kill().unwrap();
    parent.wait().unwrap();
    wait_until("the orphan is gone", || !Path::new(&format!("/proc/{postmaster}")).exists());
}

#[test]
fn both_killed_at_once_is_a_recovery() {
    let folder = open_folder();
    let (mut parent, url) = owner_of(folder.path());
    ask_at(&url, "create table kept (n int); insert into kept values (13)");
    let postmaster = Pid::from_raw(postmaster_of(folder.path()));
    kill(postmaster, Signal::SIGSTOP).unwrap();
    parent.kill().unwrap();
    kill(postmaster, Signal::SIGKILL).unwrap();
    parent.wait().unwrap();
    let owned = Owned::start(&settings(folder.path())).unwrap();
    assert_eq!(ask(&owned, "select n from kept"), ["13"]);
}

#[test]
fn a_frozen_orphan_is_asked_harder() {
    let folder = open_folder();
    let (mut parent, url) = owner_of(folder.path());
    ask_at(&url, "create table kept (n int); insert into kept values (17)");
    // A fast shutdown ends with a checkpoint, for which this process is needed.
    let sql = "select pid from pg_stat_activity where backend_type = 'checkpointer'";
    let checkpointer = ask_at(&url, sql)[0].parse().unwrap();
    kill(Pid::from_raw(checkpointer), Signal::SIGSTOP).unwrap();
    parent.kill().unwrap();
    parent.wait().unwrap();
    let settings = Settings { patience: Duration::from_secs(1), ..settings(folder.path()) };
    let owned = Owned::start(&settings).unwrap();
    assert_eq!(ask(&owned, "select n from kept"), ["17"]);
}

#[test]
fn a_pid_file_whose_number_is_someone_elses_is_no_obstacle() {
    let folder = open_folder();
    Owned::start(&settings(folder.path())).unwrap().stop();
    let mut bystander = Command::new("sleep").arg("60").spawn().unwrap();
    let cluster = folder.path().join("postgres");
    let stale = format!("{}\n{}\n1\n5432\n/tmp\n\n  1 1\nready\n", bystander.id(), cluster.display());
    fs::write(cluster.join("postmaster.pid"), stale).unwrap();
    let owned = Owned::start(&settings(folder.path()));
    assert!(bystander.try_wait().unwrap().is_none(), "the bystander was hurt");
    bystander.kill().unwrap();
    bystander.wait().unwrap();
    assert_eq!(ask(&owned.unwrap(), "select 1"), ["1"]);
}

/// Another process that owns the cluster, and the cluster's URL.
fn owner_of(folder: &Path) -> (Child, String) {
    let ready = folder.join("url");
    let _none_yet = fs::remove_file(&ready);
    let child = owner_command(&std::env::current_exe().unwrap(), folder).spawn().unwrap();
    wait_until("the owner is up", || ready.exists());
    (child, fs::read_to_string(ready).unwrap())
}

/// Runs [`own_until_killed`] of the test program `program`.
pub fn owner_command(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    let role = concat!(module_path!(), "::own_until_killed").split_once("::").unwrap().1;
    command.args([role, "--exact", "--ignored", "--nocapture"]).env(FOLDER, folder).stdout(Stdio::null());
    command
}

/// Not a test but the other process of [`owner_of`]; by itself it does nothing.
#[test]
#[ignore = "a role that other tests start"]
fn own_until_killed() {
    #[expect(clippy::disallowed_methods, reason = "the starting test tells its folder this way")]
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let owned = Owned::start(&settings(folder)).unwrap();
    fs::write(folder.join("url.part"), owned.url()).unwrap();
    fs::rename(folder.join("url.part"), folder.join("url")).unwrap();
    wait_until_told_to_stop(folder);
    owned.stop();
}

fn wait_until_told_to_stop(folder: &Path) {
    while !folder.join("stop").exists() {
        std::thread::sleep(Duration::from_millis(20));
    }
}
