//! The machine: folder, key, address and clock.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    time::Duration,
};

use opora_core::foundation::{clock::Clock, config::Config};
use tokio::net::TcpListener;

use super::Finding;
use crate::{app, lock};

/// How long whoever has our address may take to say who he is.
const PATIENCE: Duration = Duration::from_secs(3);

/// Folder, key, address and clock.
pub async fn look(config: &Config, clock: &dyn Clock) -> Vec<Finding> {
    vec![folder(&config.data_dir), key(config), address(config).await, links(config), time(config, clock)]
}

fn folder(folder: &Path) -> Finding {
    let shown = folder.display();
    if !folder.exists() {
        return match folder.ancestors().skip(1).find(|above| above.exists() || *above == Path::new("")) {
            Some(above) if (above.is_dir() || *above == *Path::new("")) && is_writable(above) => {
                Finding::good("data_dir", format!("{shown} will be made by the first start"))
            }
            _ => Finding::wrong(
                "data_dir",
                format!("{shown} cannot be made: make it and give it to the user who runs opora"),
            ),
        };
    }
    if is_writable(folder) {
        return Finding::good("data_dir", format!("{shown} can be written"));
    }
    Finding::wrong(
        "data_dir",
        format!("{shown} cannot be written: give it to the user who runs opora, and see that the disk is not full"),
    )
}

fn is_writable(folder: &Path) -> bool {
    let folder = if folder == Path::new("") { Path::new(".") } else { folder };
    let probe = folder.join(format!(".opora-check-{}", std::process::id()));
    let written = std::fs::write(&probe, "can this be written?").is_ok();
    written && std::fs::remove_file(&probe).is_ok()
}

fn key(config: &Config) -> Finding {
    let path = config.data_dir.join(app::KEY_FILE);
    let shown = path.display();
    match std::fs::metadata(&path) {
        Ok(file) if file.len() != 32 => Finding::wrong(
            "key",
            format!("{shown} is damaged: restore it from a backup, or delete it and enter the mail password anew"),
        ),
        Ok(file) if is_open_to_others(&file) => {
            Finding::wrong("key", format!("{shown} can be read by other users: chmod 600 {shown}"))
        }
        Ok(_) => Finding::good("key", format!("{shown} is there")),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Finding::good("key", format!("{shown} will be made by the first start"))
        }
        Err(error) => {
            Finding::wrong("key", format!("{shown} cannot be read ({error}): give it to the user who runs opora"))
        }
    }
}

#[cfg(unix)]
fn is_open_to_others(file: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&file.permissions()) & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

async fn address(config: &Config) -> Finding {
    match TcpListener::bind(config.listen).await {
        Ok(_) => Finding::good("listen", format!("{} is free", config.listen)),
        Err(_) if lock::path(config.database_url().reveal()).is_some_and(|path| lock::is_taken(&path)) => {
            Finding::good("listen", format!("{} is in use, and this installation is running", config.listen))
        }
        // A database server has no lock to look at.
        Err(_) if is_opora(config.listen).await => {
            Finding::good("listen", format!("{} is in use by a running opora", config.listen))
        }
        Err(error) => Finding::wrong(
            "listen",
            format!(
                "{} cannot be used ({error}): stop the program that uses it, or set another address",
                config.listen
            ),
        ),
    }
}

/// Whether what answers there is an Opora.
async fn is_opora(mut address: SocketAddr) -> bool {
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    let asked = async { reqwest::get(format!("http://{address}/metrics")).await?.text().await };
    matches!(tokio::time::timeout(PATIENCE, asked).await, Ok(Ok(text)) if text.contains("opora_build_info"))
}

fn links(config: &Config) -> Finding {
    let url = config.public_url();
    if config.public_url.is_empty() && !config.listen.ip().is_loopback() {
        return Finding::wrong(
            "public_url",
            format!("is empty, so links in letters would begin with {url}: set the address that people type"),
        );
    }
    if url.starts_with("http://") && !config.listen.ip().is_loopback() {
        return Finding::note(
            "public_url",
            format!("{url} is not encrypted: passwords can be read on the way; put a proxy with HTTPS before it"),
        );
    }
    Finding::good("public_url", url)
}

fn time(config: &Config, clock: &dyn Clock) -> Finding {
    let here = clock.now().with_timezone(&config.time_zone);
    Finding::good("time_zone", format!("{}; there it is {}", config.time_zone, here.format("%d.%m.%Y, %H:%M")))
}
