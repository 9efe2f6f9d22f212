//! `opora admin`: what only the operator may do. Works while the installation runs; the pages show it at once.

use anyhow::{Result, anyhow};
use chrono::{DateTime, Utc};
use opora_core::{
    App, Work, audit,
    foundation::{errors::Failure, ids::PersonId},
    patronage::{districts, groups, privacy},
    people::{access::Actor, accounts},
};

use crate::{
    app,
    cli::{Admin, AuditFormat, Districts, Groups},
    console,
};

/// Does one thing and says what was done.
pub async fn run(app: &App, command: Admin) -> Result<()> {
    let mut work = begin(app).await?;
    let done = match command {
        Admin::ResetPassword => reset_password(&mut work).await,
        Admin::ResetTwoFactor { login } => accounts::reset_second_factor(&mut work, &login)
            .await
            .map(|()| format!("{login:?} signs in with the password alone now. All sessions have ended.")),
        Admin::Groups(command) => groups(&mut work, command).await,
        Admin::Districts(command) => districts(&mut work, command).await,
        Admin::Audit { since, format: AuditFormat::Csv } => write_audit(&mut work, since).await,
        Admin::EraseCitizen { id } => erase_citizen(&mut work, &id).await,
    };
    let done = done.map_err(|failure| say(app, &failure))?;
    work.commit().await.map_err(|error| app::explain(&error))?;
    app.db.settle().await.map_err(|error| app::explain(&error))?;
    if !done.is_empty() {
        console::line(done);
    }
    app.db.close().await;
    Ok(())
}

async fn groups(work: &mut Work, command: Groups) -> Result<String, Failure> {
    match command {
        Groups::List => groups::choices(work).await.map(|groups| lines(groups.into_iter().map(|group| group.label))),
        Groups::Add { name } => {
            groups::create(work, &name).await.map(|_| format!("The group {name:?} can be chosen now."))
        }
        Groups::Rename { old, new } => {
            groups::rename(work, &old, &new).await.map(|()| format!("The group {old:?} is called {new:?} now."))
        }
        Groups::Retire { name } => {
            groups::retire(work, &name).await.map(|()| format!("The group {name:?} can no longer be chosen."))
        }
    }
    .map_err(nameless)
}

async fn districts(work: &mut Work, command: Districts) -> Result<String, Failure> {
    match command {
        Districts::List => {
            districts::choices(work).await.map(|all| lines(all.into_iter().map(|district| district.label)))
        }
        Districts::Add { name } => {
            districts::create(work, &name).await.map(|_| format!("The district {name:?} can be chosen now."))
        }
        Districts::Retire { name } => {
            districts::retire(work, &name).await.map(|()| format!("The district {name:?} can no longer be chosen."))
        }
    }
    .map_err(nameless)
}

/// A name that nothing has is said so.
fn nameless(failure: Failure) -> Failure {
    match failure {
        Failure::NotFound => Failure::refused("lists-no-such-name"),
        other => other,
    }
}

async fn begin(app: &App) -> Result<Work> {
    app.begin(Actor::Operator).await.map_err(|error| app::explain(&error))
}

async fn reset_password(work: &mut Work) -> Result<String, Failure> {
    let login = accounts::main_login(work).await?;
    let password = accounts::reset_administrator(work).await?;
    Ok(format!(
        "login     {login}\npassword  {}\nThe password works once: the next sign-in asks for a new one. All sessions have ended.",
        password.reveal()
    ))
}

/// Written portion by portion: a journal of years does not have to fit into memory.
async fn write_audit(work: &mut Work, since: Option<DateTime<Utc>>) -> Result<String, Failure> {
    let filter = audit::Filter { since, ..audit::Filter::default() };
    audit::write_csv(work, &filter, console::output()).await?;
    Ok(String::new())
}

async fn erase_citizen(work: &mut Work, id: &str) -> Result<String, Failure> {
    let person: PersonId = id.parse().map_err(|_| Failure::refused("privacy-no-such-card"))?;
    match privacy::erase(work, person).await {
        Err(Failure::NotFound) => Err(Failure::refused("privacy-no-such-card")),
        other => other.map(|()| "Nothing of this person is left but in backups.".to_owned()),
    }
}

fn lines(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    if names.is_empty() { "There are none yet.".to_owned() } else { names.join("\n") }
}

/// The refusal in words.
fn say(app: &App, failure: &Failure) -> anyhow::Error {
    let words = app.words.in_locale("en");
    match failure {
        Failure::Invalid(complaints) => {
            let lines: Vec<String> =
                complaints.iter().map(|(field, say)| format!("{field}: {}", words.say(say))).collect();
            anyhow!("{}", lines.join("\n"))
        }
        Failure::Refused(say) => anyhow!("{}", words.say(say)),
        Failure::NotFound => {
            anyhow!("there is no administrator yet: `opora serve` makes him and prints his password")
        }
        Failure::Storage(error) => app::explain(error),
        other => anyhow!("{other}"),
    }
}
