//! The mail server of the settings page.

use opora_core::{
    foundation::{chance::SystemChance, config::Config, db::Db, secrets::Sealer},
    messaging::letters,
    settings,
};

use super::Finding;
use crate::app;

/// Says whether letters can be sent.
pub async fn look(config: &Config, db: &Db) -> Finding {
    let path = config.data_dir.join(app::KEY_FILE);
    if !path.exists() {
        return Finding::note("mail", "looked at once the key is there");
    }
    let sealer = match Sealer::open(&path, &SystemChance) {
        Ok(sealer) => sealer,
        Err(error) => return Finding::wrong("mail", error.to_string()),
    };
    let sender = async { settings::mail_sender(&mut db.read().await?, &sealer).await }.await;
    match sender {
        Ok(None) => {
            Finding::note("mail", "not set: no letters are sent until the administrator fills in the settings page")
        }
        Ok(Some(sender)) => match letters::check_connection(&config.mail, &sender).await {
            Ok(()) => Finding::good("mail", format!("{} takes letters from {}", sender.host, sender.sender)),
            Err(trouble) => Finding::wrong("mail", format!("{trouble}: correct the settings page of the panel")),
        },
        Err(error) => Finding::wrong("mail", app::explain(&error).to_string()),
    }
}
