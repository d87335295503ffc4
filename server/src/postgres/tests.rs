//! Against real PostgreSQL programs, which these tests require. Run as root they also cover the switch to
//! another account; the runs as an ordinary user then happen in a child process.

mod client;
mod failures;
mod killed;
mod ordinary_user;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

use client::ask;
use tempfile::TempDir;

use super::postmaster::PidFile;
use super::{Owned, Settings, url};

/// A folder that every account may enter, unlike a fresh temporary one.
fn open_folder() -> TempDir {
    tempfile::Builder::new()
        .prefix("countersign-pg-")
        .permissions(fs::Permissions::from_mode(0o755))
        .tempdir()
        .unwrap()
}

/// Not durable, because syncing costs most of a test's time.
fn settings(data_dir: &Path) -> Settings {
    #[expect(clippy::disallowed_methods, reason = "the test stands in for the server's settings")]
    let search_path = std::env::var_os("PATH");
    Settings {
        search_path,
        durable: false,
        system_dir: data_dir.join("../system"),
        ..Settings::new(data_dir)
    }
}

fn postmaster_of(data_dir: &Path) -> i32 {
    PidFile::read(&data_dir.join("postgres")).unwrap().pid
}

fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < Duration::from_secs(30), "not in 30 s: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn makes_a_cluster_serves_stops_and_serves_again() {
    let folder = open_folder();
    let data = folder.path().join("data");
    let settings = Settings { durable: true, ..settings(&data) };
    let began = Instant::now();
    let owned = Owned::start(&settings).unwrap();
    // About a second on an idle machine; tests share theirs.
    assert!(began.elapsed() < Duration::from_secs(30), "first start took {:?}", began.elapsed());
    assert!(owned.is_up());
    assert_eq!(owned.note(), None);
    assert_eq!(owned.restarts(), 0);
    ask(&owned, "create table kept (n int); insert into kept values (41), (1)");

    let postmaster = postmaster_of(&data);
    let runs_as = fs::metadata(format!("/proc/{postmaster}")).unwrap().uid();
    assert_ne!(runs_as, 0, "PostgreSQL runs as root");
    owned.stop();
    assert!(PidFile::read(&data.join("postgres")).is_none(), "the shutdown was not clean");
    assert!(!Path::new(&format!("/proc/{postmaster}")).exists());

    let owned = Owned::start(&settings).unwrap();
    assert_eq!(ask(&owned, "select sum(n) from kept"), ["42"]);
}

#[test]
fn the_cluster_is_durable_private_and_speaks_utf8() {
    let folder = open_folder();
    let owned = Owned::start(&Settings { durable: true, ..settings(folder.path()) }).unwrap();
    for (setting, wanted) in [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("listen_addresses", ""),
        ("shared_buffers", "128MB"),
        ("max_connections", "100"),
        ("server_encoding", "UTF8"),
        ("TimeZone", "UTC"),
    ] {
        assert_eq!(ask(&owned, &format!("show {setting}")), [wanted], "{setting}");
    }
    assert_eq!(ask(&owned, "select lower('ÄÉ') || ('Z' < 'a')::text"), ["äétrue"]);
    let socket = fs::metadata(folder.path().join("postgres.socket")).unwrap();
    assert_eq!(socket.mode() & 0o777, 0o700);
}

#[test]
fn a_throwaway_cluster_does_not_sync() {
    let folder = open_folder();
    let owned = Owned::start(&settings(folder.path())).unwrap();
    assert_eq!(ask(&owned, "show fsync"), ["off"]);
}

#[test]
fn a_second_owner_is_refused_and_does_no_harm() {
    let folder = open_folder();
    let first = Owned::start(&settings(folder.path())).unwrap();
    let refusal = Owned::start(&settings(folder.path())).unwrap_err();
    assert!(matches!(refusal, super::StartError::InUse(_)), "{refusal}");
    assert_eq!(ask(&first, "select 1"), ["1"]);
    first.stop();
    Owned::start(&settings(folder.path())).unwrap();
}

#[test]
fn an_interrupted_first_start_heals() {
    let folder = open_folder();
    let half = folder.path().join("postgres.new");
    fs::create_dir(&half).unwrap();
    fs::write(half.join("PG_VERSION"), "15\n").unwrap();
    let owned = Owned::start(&settings(folder.path())).unwrap();
    assert_eq!(ask(&owned, "select 1"), ["1"]);
    assert!(!half.exists());
}

#[test]
fn a_long_path_and_odd_characters_get_a_socket_elsewhere() {
    let folder = open_folder();
    let data = folder.path().join(format!("{}, \"quoted\" ü%", "long".repeat(25)));
    let settings = Settings { temp_dir: folder.path().to_owned(), ..settings(&data) };
    let owned = Owned::start(&settings).unwrap();
    assert_eq!(ask(&owned, "select 1"), ["1"]);
    assert!(!data.join("postgres.socket").exists());
}

#[test]
fn odd_characters_in_the_socket_folder_are_no_obstacle() {
    let folder = open_folder();
    let owned = Owned::start(&settings(&folder.path().join("a, \"b\" ü%"))).unwrap();
    assert_eq!(ask(&owned, "select 1"), ["1"]);
}

#[test]
fn the_url_escapes_the_socket_folder() {
    assert_eq!(
        url(Path::new("/var/a b/ü")),
        "postgres://countersign@localhost:5432/postgres?host=%2Fvar%2Fa%20b%2F%C3%BC&sslmode=disable"
    );
}
