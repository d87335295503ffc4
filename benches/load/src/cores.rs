//! Who runs where: what is measured on one core, what measures it on the other, the same for every way.

use std::process::{Command, Stdio};

use crate::options::Options;

/// The cores, if they are shared out.
pub struct Cores {
    proxy: Option<String>,
    /// One sentence for the report.
    pub said: String,
}

/// Takes the load's core for this process. Call before starting threads.
pub fn share(options: &Options) -> Cores {
    let free = |why: &str| Cores { proxy: None, said: format!("nothing is pinned to a core: {why}") };
    if options.no_pin {
        return free("--no-pin");
    }
    let Some((proxy, load)) = options.pin.split_once(',') else { return free("--pin needs two cores") };
    let us = std::process::id().to_string();
    let pinned = Command::new("taskset")
        .args(["-a", "-p", "-c", load, us.as_str()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !pinned {
        return free("taskset is missing or there is only one core");
    }
    Cores {
        proxy: Some(proxy.to_owned()),
        said: format!(
            "core {proxy}: nginx, or the gateway with its PostgreSQL; core {load}: load and mock model"
        ),
    }
}

impl Cores {
    /// The words in front of a program that is to be measured.
    pub fn before(&self) -> Vec<&str> {
        self.proxy.iter().flat_map(|core| ["taskset", "-c", core.as_str()]).collect()
    }
}
