//! What is not kept although nobody asked for its erasure.

use chrono::TimeDelta;
use opora_core::{
    messaging::{
        cleanup::Cleanup,
        conversations,
        messenger::Messenger,
        web_chat::{self, Key, Post, WebChat},
    },
    people::access::Actor,
    schedule::periodic::Job,
};
use opora_testkit::{World, on_both_databases};

use super::kit::submission;

async fn talker(world: &World) -> WebChat {
    let key = Key::draw(world.app.clock.now(), &*world.app.chance);
    let mut work = world.begin(Actor::Stranger { address: "192.0.2.7".into() }).await;
    let chat = web_chat::open(&mut work, &key).await.unwrap().unwrap();
    web_chat::post(&mut work, &chat, submission(world), Post::Text("Где моя пенсия".into())).await.unwrap();
    work.commit().await.unwrap();
    chat
}

on_both_databases! {
    /// PT-139: nothing typed is kept without the press, also in the web chat.
    async fn typed_lines_and_unused_web_chats_are_cleared_away(world: World) {
        let connected = talker(&world).await;
        talker(&world).await;
        let mut work = world.begin(Actor::System).await;
        let state = serde_json::json!({ "version": 1, "menu": ["Помощь"] });
        conversations::save(&mut work, Messenger::Web, &connected.id.to_string(), Some(&state)).await.unwrap();
        work.commit().await.unwrap();
        world.clock.advance(TimeDelta::days(1));
        Cleanup.run(&world.app).await.unwrap();
        assert_eq!(world.count("web_messages").await, 2, "they are shown for a day");
        world.clock.advance_seconds(1);
        Cleanup.run(&world.app).await.unwrap();
        assert_eq!((world.count("web_messages").await, world.count("web_chats").await), (0, 2));
        world.clock.advance(TimeDelta::days(30));
        Cleanup.run(&world.app).await.unwrap();
        assert_eq!(world.count("web_chats").await, 1, "the connected one stays");
    }
}
