//! The command line: what there is to say and what it means.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Opora: one self-hosted platform through which an organisation looks after people and their requests.
///
/// Settings come from opora.toml and from variables OPORA_… (these win); everything has a default that works. Try it without
/// any preparation: `opora demo`.
#[derive(Debug, Parser)]
#[command(name = "opora", version, propagate_version = true)]
pub struct Cli {
    /// The settings' file; without this option ./opora.toml is read if it exists
    #[arg(long, global = true, value_name = "FILE", env = "OPORA_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,

    #[command(subcommand)]
    pub command: Command,

    /// A file that holds by how many seconds the clock is turned; known to test builds only
    #[cfg(debug_assertions)]
    #[arg(long, global = true, hide = true, value_name = "FILE", env = "OPORA_TEST_CLOCK", hide_env_values = true)]
    pub test_clock: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the installation: panel, bots and workers
    ///
    /// The first start makes the tables, the key file and the administrator, and prints his one-time password. Stop with
    /// Ctrl-C or SIGTERM: what is in flight is finished first, at most 10 seconds.
    Serve(Serve),

    /// Try Opora with sample people, without any preparation
    ///
    /// Makes an installation of its own in ./data/demo (yours is not touched), fills it with curators, citizens and reminders,
    /// and starts everything without a bot token and without network. Prints where to click and who may sign in. Remove
    /// ./data/demo to begin anew.
    Demo(Demo),

    /// Fill the database with citizens and reminders for load tests
    ///
    /// Adds to what is there; never do it in an installation that is in use. Every citizen is linked with an invented Telegram
    /// chat, so the messages go wherever `telegram.api_url` points to.
    Seed(Seed),

    /// Say what is wrong with the installation and how to mend it
    ///
    /// Looks at settings, data folder, key file, database, bot token, mail server and words, all in one go. Ends with 1 when
    /// something is wrong. Changes nothing.
    Check,

    /// Write everything of this installation into one file, also while it runs
    ///
    /// The file holds the database as of one moment, the uploads, and a list of contents with checksums. It is not encrypted:
    /// whoever has it can read what people told you, so keep it where only you can. The key that seals the mail password and
    /// other secrets is left out: a thief of the backup alone shall not be able to open them. Keep a copy of the key file
    /// elsewhere, or take it in with --with-key when the place of the backup is as safe as that.
    Backup(Backup),

    /// Bring a backup back
    ///
    /// Into the installation of the settings, which must be empty and not running. Everything is looked at before anything is
    /// changed: list of contents, checksums, the age of the tables, the database's own integrity.
    Restore(Restore),

    /// Do what only the operator may do: passwords, special groups, districts, final erasure
    #[command(subcommand)]
    Admin(Admin),

    /// Measure what this machine can do
    ///
    /// Each measurement makes an installation of its own in a temporary folder (or in the database of --database-url) and a
    /// stand-in for Telegram's bot API on this machine. Nothing leaves the machine.
    #[command(subcommand)]
    Bench(Bench),
}

#[derive(Debug, Args)]
pub struct Serve {
    /// Run only these parts, for several processes on one PostgreSQL
    #[arg(long, value_delimiter = ',', value_name = "PARTS")]
    pub only: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Pages for staff and the web chat
    Panel,
    /// Receiving from messengers, answering, sending
    Bot,
    /// Reminders that come due, letters, periodic jobs
    Worker,
}

#[derive(Debug, Args)]
pub struct Demo {
    /// Address to listen on
    #[arg(
        long,
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS",
        env = "OPORA_LISTEN",
        hide_env_values = true
    )]
    pub listen: std::net::SocketAddr,
    /// Folder of the sample installation
    #[arg(long, default_value = "./data/demo", value_name = "FOLDER")]
    pub data_dir: PathBuf,
    /// Language of the sample: ru or en
    #[arg(long, default_value = "ru", value_name = "LANGUAGE", env = "OPORA_LOCALE", hide_env_values = true)]
    pub locale: String,
}

#[derive(Debug, Args)]
pub struct Seed {
    /// How many citizens with linked chats
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub citizens: u32,
    /// How many daily series of reminders, spread over the citizens
    #[arg(long, value_name = "K", default_value_t = 1000)]
    pub series: u32,
    /// When the first reminder of each series comes due, for example 2026-03-10T09:00:00Z
    #[arg(long, value_name = "RFC3339")]
    pub due_at: DateTime<Utc>,
    /// Spread the due moments evenly over so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub spread: u32,
}

#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write, or the folder for a file named after the moment
    #[arg(default_value = ".", value_name = "FILE|FOLDER")]
    pub target: PathBuf,
    /// Take the key file in, too
    #[arg(long)]
    pub with_key: bool,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// A file that `opora backup` wrote
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Put aside what is in `data_dir` already; nothing of it is removed. A PostgreSQL database must be empty in any case
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Give the administrator a new one-time password and end his sessions
    ResetPassword,
    /// Take the second factor of a sign-in away, for who lost the device and the recovery codes
    ResetTwoFactor {
        /// The login of the administrator or of a curator
        login: String,
    },
    /// Special groups: the panel only shows them
    #[command(subcommand)]
    Groups(Groups),
    /// Districts: the panel adds and renames them, too
    #[command(subcommand)]
    Districts(Districts),
    /// Write the journal: who did what and when
    ///
    /// The latest first, to the standard output. Values of people who were erased are gone from it.
    Audit {
        /// Only what was done at or after this moment, for example 2026-03-10T00:00:00Z
        #[arg(long, value_name = "RFC3339")]
        since: Option<DateTime<Utc>>,
        /// How it is written
        #[arg(long, value_enum, default_value_t = AuditFormat::Csv)]
        format: AuditFormat,
    },
    /// Erase a deleted citizen for good, without waiting for the thirty days
    ///
    /// Nothing of the person stays: card, files, messages, history, values in the journal. It cannot be taken back. Copies in
    /// backups stay until these are thrown away.
    EraseCitizen {
        /// The end of the card's address, after /citizens/
        id: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// Comma-separated, with a heading
    Csv,
}

#[derive(Debug, Subcommand)]
pub enum Groups {
    /// List the groups that can be chosen
    List,
    /// Add a group, or bring a retired one back
    Add {
        /// Its name
        name: String,
    },
    /// Give a group another name, also on the cards that have it
    Rename {
        /// Its name now
        old: String,
        /// Its new name
        new: String,
    },
    /// Take a group out of the choices; cards that have it keep it
    Retire {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Districts {
    /// List the districts that can be chosen
    List,
    /// Add a district, or bring a retired one back
    Add {
        /// Its name
        name: String,
    },
    /// Take a district out of the choices; cards that have it keep it
    Retire {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Bench {
    /// Many reminders due at the same moment: messages a second, from due to recorded
    Burst {
        /// How many
        #[arg(long, default_value_t = 10_000)]
        messages: u32,
        /// The messenger takes so many a second and answers 429 to more; 0 = any number
        #[arg(long, default_value_t = 0)]
        rate: u32,
        /// The same for one chat
        #[arg(long, default_value_t = 0)]
        chat_rate: u32,
        #[command(flatten)]
        place: Place,
    },
    /// Many reminders that came due before the start: how soon the first one goes
    Backlog {
        /// How many
        #[arg(long, default_value_t = 50_000)]
        messages: u32,
        #[command(flatten)]
        place: Place,
    },
    /// A steady stream: how late each message is
    Steady {
        /// Messages a second
        #[arg(long, default_value_t = 25)]
        rate: u32,
        /// For how many seconds
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// Requests a second to the panel beside it
        #[arg(long, default_value_t = 0)]
        visits: u32,
        #[command(flatten)]
        place: Place,
    },
    /// A large installation in which nothing is due: what a tick of its timer costs, and what a second does
    Idle {
        /// How many series, for a tenth as many citizens
        #[arg(long, default_value_t = 1_000_000)]
        series: u32,
        /// For how many seconds
        #[arg(long, default_value_t = 20)]
        seconds: u32,
        #[command(flatten)]
        place: Place,
    },
    /// A large installation: how long pages take to their first byte
    Panel {
        /// How many citizens
        #[arg(long, default_value_t = 100_000)]
        citizens: u32,
        /// How many series
        #[arg(long, default_value_t = 1_000_000)]
        series: u32,
        /// Requests per page
        #[arg(long, default_value_t = 200)]
        requests: u32,
        #[command(flatten)]
        place: Place,
    },
    /// A large installation: how long an export of all citizens to Excel takes, and how much memory
    Export {
        /// How many citizens
        #[arg(long, default_value_t = 100_000)]
        citizens: u32,
        #[command(flatten)]
        place: Place,
    },
    /// A large installation: how long the daily run of «Активность» takes
    Night {
        /// How many citizens
        #[arg(long, default_value_t = 100_000)]
        citizens: u32,
        /// How many series, each with a reminder on every one of ten days
        #[arg(long, default_value_t = 100_000)]
        series: u32,
        #[command(flatten)]
        place: Place,
    },
    /// An empty installation: from start to ready, and memory when idle
    Start {
        /// How often to start
        #[arg(long, default_value_t = 10)]
        times: u32,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Clone, Args)]
pub struct Place {
    /// An empty PostgreSQL database to measure with; without it SQLite in a temporary folder
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}
