//! A small world of named people, put straight into the tables.

use std::{future::IntoFuture, pin::Pin};

use opora_core::{
    foundation::{
        chance::below,
        clock::Timestamp,
        ids::{AccountId, CodeId, DistrictId, GroupId, LinkId, PersonId},
    },
    messaging::messenger::Messenger,
    on_backend,
    people::{
        access::{Actor, Author},
        accounts,
        sessions::{self, Session},
        sign_in::{Attempt, Entrance, sign_in},
    },
};

use crate::World;

/// The network address of everybody who signs in.
const ADDRESS: &str = "192.0.2.1";

/// A curator with an account whose password fits nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curator {
    /// The person.
    pub person: PersonId,
    /// The sign-in.
    pub account: AccountId,
}

/// A citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citizen {
    /// The person.
    pub person: PersonId,
    /// The Telegram chat, when linked.
    pub chat: Option<String>,
}

impl Curator {
    /// The curator at work in the panel.
    pub fn actor(&self) -> Actor {
        Actor::Curator { account: self.account, curator: self.person, address: ADDRESS.to_owned() }
    }
}

impl Citizen {
    /// The citizen in a messenger.
    pub fn actor(&self) -> Actor {
        Actor::Citizen { person: self.person }
    }
}

impl World {
    /// Makes the administrator's account (with a password that fits nothing).
    pub async fn administrator(&self) -> Actor {
        let account = self.account("administrator", None, "admin").await;
        Actor::Administrator { account, address: ADDRESS.to_owned() }
    }

    /// The administrator signed in at a browser; once in a fresh world.
    pub async fn administrator_at_a_browser(&self) -> Session {
        let first = accounts::ensure_administrator(&self.app).await.expect("the database answers");
        let first = first.expect("a fresh world has no administrator");
        let (login, password) = (first.login, first.password);
        let attempt = Attempt { login, password, address: ADDRESS.to_owned(), device: String::new() };
        let Ok(Entrance::SignedIn(entered)) = sign_in(&self.app, attempt).await else { panic!("he may come in") };
        let session = sessions::resume(&self.app, entered.cookie.reveal(), ADDRESS).await;
        session.expect("the database answers").expect("the session has just begun")
    }

    /// Makes a curator called so («Фамилия Имя Отчество»).
    pub async fn curator(&self, name: &str) -> Curator {
        const SQL: &str = "INSERT INTO curators (person_id, created_at) VALUES ($1, $2)";
        let person = self.person(name).await;
        let mut tx = self.tx().await;
        on_backend!(&mut tx, |c| sqlx::query(SQL).bind(person).bind(self.now()).execute(c).await.map(drop))
            .expect("a curator can be made");
        tx.commit().await.expect("a curator can be kept");
        let account = self.account("curator", Some(person), &format!("curator-{person}")).await;
        Curator { person, account }
    }

    /// Begins to make a citizen called so; `.await` makes it.
    pub fn citizen<'a>(&'a self, name: &'a str) -> CitizenBuilder<'a> {
        CitizenBuilder { world: self, name, curator: None, district: None, chat: None, web: None, groups: Vec::new() }
    }

    /// Makes a district, perhaps with its own time zone.
    pub async fn district(&self, name: &str, time_zone: Option<&str>) -> DistrictId {
        const SQL: &str =
            "INSERT INTO districts (id, name, name_key, time_zone, created_at) VALUES ($1, $2, $3, $4, $5)";
        let id = DistrictId::draw(self.now(), &*self.app.chance);
        let mut tx = self.tx().await;
        on_backend!(&mut tx, |c| {
            let query = sqlx::query(SQL).bind(id).bind(name).bind(key(name)).bind(time_zone).bind(self.now());
            query.execute(c).await.map(drop)
        })
        .expect("a district can be made");
        tx.commit().await.expect("a district can be kept");
        id
    }

    /// Makes a special group.
    pub async fn group(&self, name: &str) -> GroupId {
        const SQL: &str = "INSERT INTO special_groups (id, name, name_key, created_at) VALUES ($1, $2, $3, $4)";
        let id = GroupId::draw(self.now(), &*self.app.chance);
        let mut tx = self.tx().await;
        on_backend!(&mut tx, |c| {
            sqlx::query(SQL).bind(id).bind(name).bind(key(name)).bind(self.now()).execute(c).await.map(drop)
        })
        .expect("a group can be made");
        tx.commit().await.expect("a group can be kept");
        id
    }

    fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    async fn person(&self, full_name: &str) -> PersonId {
        const SQL: &str = "INSERT INTO persons (id, surname, name, patronymic, name_key, created_at)
            VALUES ($1, $2, $3, $4, $5, $6)";
        let mut parts = full_name.split_whitespace();
        let surname = parts.next().expect("a person has a surname");
        let (name, patronymic) = (parts.next(), parts.next());
        let id = PersonId::draw(self.now(), &*self.app.chance);
        let mut tx = self.tx().await;
        on_backend!(&mut tx, |c| {
            let query = sqlx::query(SQL).bind(id).bind(surname).bind(name).bind(patronymic);
            query.bind(key(full_name)).bind(self.now()).execute(c).await.map(drop)
        })
        .expect("a person can be made");
        tx.commit().await.expect("a person can be kept");
        id
    }

    async fn account(&self, role: &str, person: Option<PersonId>, login: &str) -> AccountId {
        const SQL: &str = "INSERT INTO accounts
            (id, role, person_id, login, login_key, password_hash, password_is_temporary, created_at)
            VALUES ($1, $2, $3, $4, $5, '!', $6, $7)";
        let id = AccountId::draw(self.now(), &*self.app.chance);
        let mut tx = self.tx().await;
        on_backend!(&mut tx, |c| {
            let query = sqlx::query(SQL).bind(id).bind(role).bind(person).bind(login).bind(login.to_lowercase());
            query.bind(false).bind(self.now()).execute(c).await.map(drop)
        })
        .expect("an account can be made");
        tx.commit().await.expect("an account can be kept");
        id
    }
}

/// A citizen about to be made: `world.citizen("Петрова Мария").of(&anna).linked("1001").await`.
#[must_use = "a citizen is made by .await"]
pub struct CitizenBuilder<'a> {
    world: &'a World,
    name: &'a str,
    curator: Option<PersonId>,
    district: Option<DistrictId>,
    chat: Option<&'a str>,
    web: Option<&'a str>,
    groups: Vec<GroupId>,
}

impl<'a> CitizenBuilder<'a> {
    /// Assigns the curator.
    pub fn of(mut self, curator: &Curator) -> Self {
        self.curator = Some(curator.person);
        self
    }

    /// Lives in this district.
    pub fn living_in(mut self, district: DistrictId) -> Self {
        self.district = Some(district);
        self
    }

    /// Belongs to this special group.
    pub fn in_group(mut self, group: GroupId) -> Self {
        self.groups.push(group);
        self
    }

    /// Has a live link to this Telegram account, whose chat has the same number.
    pub fn linked(mut self, chat: &'a str) -> Self {
        self.chat = Some(chat);
        self
    }

    /// Has a live link to this web chat.
    pub fn linked_to_web_chat(mut self, chat: &'a str) -> Self {
        self.web = Some(chat);
        self
    }

    async fn make(self) -> Citizen {
        let person = self.world.person(self.name).await;
        self.card(person).await;
        for group in &self.groups {
            self.membership(person, *group).await;
        }
        if self.chat.is_none() && self.web.is_none() {
            self.code(person).await;
        }
        for (messenger, chat) in [(Messenger::Telegram, self.chat), (Messenger::Web, self.web)] {
            if let Some(chat) = chat {
                self.link(person, messenger, chat).await;
            }
        }
        Citizen { person, chat: self.chat.map(str::to_owned) }
    }

    /// The card, and the row by which the search finds it.
    async fn card(&self, person: PersonId) {
        const CARD: &str = "INSERT INTO citizens
            (person_id, curator_id, district_id, inactive, created_by, created_at, name_key)
            VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING seq";
        const SEARCH: opora_core::foundation::db::Sql = opora_core::foundation::db::Sql {
            sqlite: "INSERT INTO citizen_search (rowid, name, situation) VALUES ($1, $2, '')",
            postgres: "INSERT INTO citizen_search (seq, name, situation) VALUES ($1, $2, '')",
        };
        let (world, author) = (self.world, Author::Administrator.to_string());
        let mut tx = world.tx().await;
        let search = SEARCH.of(&tx);
        on_backend!(&mut tx, |c| {
            let query = sqlx::query_scalar(CARD).bind(person).bind(self.curator).bind(self.district).bind(false);
            let seq: i64 =
                query.bind(author).bind(world.now()).bind(key(self.name)).fetch_one(&mut *c).await.expect("a card");
            sqlx::query(search).bind(seq).bind(key(self.name)).execute(c).await.map(drop)
        })
        .expect("a citizen can be found by the search");
        tx.commit().await.expect("a citizen can be kept");
    }

    async fn membership(&self, person: PersonId, group: GroupId) {
        const SQL: &str = "INSERT INTO citizen_groups (person_id, group_id) VALUES ($1, $2)";
        let mut tx = self.world.tx().await;
        on_backend!(&mut tx, |c| sqlx::query(SQL).bind(person).bind(group).execute(c).await.map(drop))
            .expect("a citizen can belong to a group");
        tx.commit().await.expect("a membership can be kept");
    }

    /// The activation code that every card without a link has.
    async fn code(&self, person: PersonId) {
        const SQL: &str =
            "INSERT INTO activation_codes (id, person_id, code, state, issued_at, valid_until, extensions)
            VALUES ($1, $2, $3, 'issued', $4, $5, 0)";
        let world = self.world;
        let id = CodeId::draw(world.now(), &*world.app.chance);
        let code = format!("{:010}", below(&*world.app.chance, 10_000_000_000));
        let until = world.now() + world.app.config.activation_code_life();
        let mut tx = world.tx().await;
        on_backend!(&mut tx, |c| {
            let query = sqlx::query(SQL).bind(id).bind(person).bind(code).bind(world.now()).bind(until);
            query.execute(c).await.map(drop)
        })
        .expect("a code can be issued");
        tx.commit().await.expect("a code can be kept");
    }

    async fn link(&self, person: PersonId, messenger: Messenger, chat: &str) {
        const SQL: &str = "INSERT INTO links (id, person_id, messenger, account, chat, state, linked_at, changed_at)
            VALUES ($1, $2, $3, $4, $4, 'linked', $5, $5)";
        let world = self.world;
        let id = LinkId::draw(world.now(), &*world.app.chance);
        let mut tx = world.tx().await;
        on_backend!(&mut tx, |c| {
            let query = sqlx::query(SQL).bind(id).bind(person).bind(messenger).bind(chat).bind(world.now());
            query.execute(c).await.map(drop)
        })
        .expect("a citizen can be linked");
        tx.commit().await.expect("a link can be kept");
    }
}

impl<'a> IntoFuture for CitizenBuilder<'a> {
    type Output = Citizen;
    type IntoFuture = Pin<Box<dyn Future<Output = Citizen> + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.make())
    }
}

/// The name as the search compares it: lower case, «ё» as «е», single spaces.
fn key(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().replace('ё', "е")
}
