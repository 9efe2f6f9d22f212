//! Telegram: does the token open a bot, and do its updates come here?

use std::time::Duration;

use opora_core::foundation::config::{BotMode, Config};
use serde::Deserialize;

use super::Finding;

/// How long Telegram may take for one answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What every answer of the bot API looks like.
#[derive(Deserialize)]
struct Answer<T> {
    result: Option<T>,
    description: Option<String>,
}

#[derive(Deserialize)]
struct Bot {
    username: Option<String>,
}

#[derive(Deserialize)]
struct Webhook {
    url: String,
    last_error_message: Option<String>,
    pending_update_count: Option<u64>,
}

/// Asks the bot API who the bot is and where its updates go.
pub async fn look(config: &Config) -> Vec<Finding> {
    if config.bot_mode == BotMode::Off {
        return vec![Finding::note("telegram", "bot_mode is off: reminders are lists for calls, marked by hand")];
    }
    if !config.telegram_is_on() {
        let text =
            "no token: people are reached by the web chat only; ask @BotFather for a token and set telegram.token";
        return vec![Finding::note("telegram", text)];
    }
    let bot = match ask::<Bot>(config, "getMe").await {
        Ok(bot) => bot.username.unwrap_or_default(),
        Err(trouble) => return vec![Finding::wrong("telegram", trouble)],
    };
    let webhook = match ask::<Webhook>(config, "getWebhookInfo").await {
        Ok(webhook) => judge(config, &webhook),
        Err(trouble) => Finding::wrong("webhook", trouble),
    };
    vec![Finding::good("telegram", format!("the token opens @{bot}")), webhook]
}

async fn ask<T: serde::de::DeserializeOwned>(config: &Config, method: &str) -> Result<T, String> {
    let telegram = &config.telegram;
    let url = format!("{}/bot{}/{method}", telegram.api_url.trim_end_matches('/'), telegram.token.reveal());
    let unreachable = |error: reqwest::Error| {
        // The address holds the token, so it must not be shown.
        let error = error.without_url();
        format!(
            "{} cannot be reached ({error}): check the network, the firewall and telegram.api_url",
            telegram.api_url
        )
    };
    let client = reqwest::Client::builder().timeout(PATIENCE).build().map_err(unreachable)?;
    let response = client.post(url).send().await.map_err(unreachable)?;
    let status = response.status();
    let answer: Answer<T> = response
        .json()
        .await
        .map_err(|_| format!("{} answers {status} and not like a bot API: check telegram.api_url", telegram.api_url))?;
    let description = answer.description.unwrap_or_default();
    match (answer.result, status.as_u16()) {
        (Some(result), _) => Ok(result),
        (None, 401 | 404) => Err("Telegram does not know the token: copy it anew from @BotFather (/token)".to_owned()),
        (None, _) => Err(format!("Telegram refuses: {description} ({status})")),
    }
}

/// Where the updates go: by polling, to our address, or to somebody else's.
fn judge(config: &Config, webhook: &Webhook) -> Finding {
    let ours = config.telegram.webhook_url.trim_end_matches('/');
    let waiting = webhook.pending_update_count.unwrap_or_default();
    if !webhook.url.is_empty() && (ours.is_empty() || !webhook.url.starts_with(ours)) {
        let host = webhook.url.split('/').nth(2).unwrap_or("another address");
        if config.telegram.take_over_webhook {
            return Finding::note("webhook", format!("the next start takes the bot over from {host}"));
        }
        return Finding::wrong(
            "webhook",
            format!(
                "the bot's messages go to {host}: use another bot here, or set telegram.take_over_webhook = true if that one \
                 is no longer needed"
            ),
        );
    }
    if let Some(error) = webhook.last_error_message.as_ref().filter(|_| !webhook.url.is_empty()) {
        return Finding::wrong(
            "webhook",
            format!("Telegram cannot deliver ({error}): see that {ours} can be reached from outside"),
        );
    }
    let way = if ours.is_empty() { "long polling" } else { "the webhook of this installation" };
    Finding::good("webhook", format!("updates come by {way}; {waiting} wait"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(url: &str, change: impl FnOnce(&mut Config)) -> String {
        let mut config = Config::default();
        change(&mut config);
        judge(&config, &Webhook { url: url.to_owned(), last_error_message: None, pending_update_count: Some(3) })
            .to_string()
    }

    #[test]
    fn a_webhook_of_somebody_else_is_wrong_unless_it_shall_be_taken_over() {
        assert!(judged("", |_| ()).starts_with("ok"));
        assert!(judged("https://other.example/hook/secret", |_| ()).starts_with("WRONG"));
        assert!(
            !judged("https://other.example/hook/secret", |_| ()).contains("secret"),
            "paths of webhooks are secrets"
        );
        let taken = judged("https://other.example/hook", |config| config.telegram.take_over_webhook = true);
        assert!(taken.starts_with("note"), "{taken}");
        let ours = judged("https://opora.example/telegram", |config| {
            config.telegram.webhook_url = "https://opora.example/".to_owned();
        });
        assert!(ours.starts_with("ok"), "{ours}");
    }
}
