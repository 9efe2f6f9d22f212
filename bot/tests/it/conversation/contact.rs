//! Asking for contact, writing freely, sending files.

use chrono::TimeDelta;
use opora_core::{
    messaging::press::{Press, TextMark},
    on_backend,
};
use opora_testkit::{World, on_both_databases};

use super::chat;

async fn comments(world: &World) -> Vec<Option<String>> {
    const SQL: &str = "SELECT comment FROM contacts ORDER BY id";
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| sqlx::query_scalar(SQL).fetch_all(c).await).expect("contacts can be read")
}

on_both_databases! {
    /// PT-128, PT-129
    async fn three_presses_make_one_request(world: World) {
        world.citizen("Петрова Мария").linked("1001").await;
        let mut phone = chat(&world, "1001");
        phone.says("Запросить связь").await.sees(&["Запрос на связь отправлен"]);
        for _ in 0..2 {
            phone.says("Запросить связь").await.sees(&["Запрос уже отправлен. Соц. куратор свяжется с Вами"]);
        }
        assert_eq!((world.count("contacts").await, world.count("activity").await), (1, 1));
        world.clock.advance(TimeDelta::minutes(10));
        phone.says("Запросить связь").await.sees(&["Запрос на связь отправлен"]);
    }

    /// PT-139, PT-D28
    async fn free_text_reaches_the_curator_only_by_the_button(world: World) {
        world.citizen("Петрова Мария").linked("1001").await;
        let mut phone = chat(&world, "1001");
        phone.says("Сломался лифт").await.sees(&["Чтобы связаться с соц. куратором, нажмите «Запросить связь»"]);
        assert_eq!(comments(&world).await, []);
        let pass_on = phone.button("Передать сообщение");
        phone.presses(pass_on).await.sees(&["Запрос на связь отправлен", "Сообщение\n\nЗапрос на связь отправлен"]);
        assert_eq!(comments(&world).await, [Some("Сломался лифт".to_owned())]);
        phone.presses(pass_on).await.sees(&["Запрос уже отправлен. Соц. куратор свяжется с Вами"]);
        assert_eq!(comments(&world).await, [Some("Сломался лифт".to_owned())]);
    }

    /// PT-139: a second text is added to the open request, so nothing written is lost.
    async fn a_further_text_joins_the_open_request(world: World) {
        world.citizen("Петрова Мария").linked("1001").await;
        let mut phone = chat(&world, "1001");
        phone.says("Запросить связь").await;
        phone.says("Лучше после обеда").await;
        let pass_on = phone.button("Передать сообщение");
        let added = "Сообщение добавлено к запросу. Соц. куратор свяжется с Вами";
        phone.presses(pass_on).await.sees(&[added, &format!("Сообщение\n\n{added}")]);
        assert_eq!(comments(&world).await, [Some("Лучше после обеда".to_owned())]);
    }

    /// PT-139: an old button does not hand over a newer text.
    async fn the_button_of_a_forgotten_text_says_so(world: World) {
        world.citizen("Петрова Мария").linked("1001").await;
        let mut phone = chat(&world, "1001");
        phone.says("Первое").await;
        phone.says("Второе").await;
        let old = Press::PassOn { text: TextMark::of("Первое") };
        phone.presses(old).await.sees(&["Это сообщение уже нельзя передать. Напишите его еще раз"]);
        assert_eq!(comments(&world).await, []);
        assert_eq!(world.count("conversations WHERE CAST(state AS TEXT) LIKE '%Первое%'").await, 0);
    }

    /// PT-122, PT-123, PT-125
    async fn files_are_taken_at_any_time_up_to_the_limit(world: World) {
        world.citizen("Петрова Мария").linked("1001").await;
        let mut phone = chat(&world, "1001");
        phone.says("Загрузка файлов").await;
        phone.sees(&["Нажмите на скрепку слева от строки сообщения и выберите файл"]);
        phone.sends("справка.pdf", 20_971_520).await.sees(&[]);
        assert_eq!(world.count("files WHERE state = 'receiving'").await, 1);
        phone.sends("фильм.mp4", 20_971_521).await.sees(&["Файл слишком большой. Максимальный размер — 20 МБ"]);
        assert_eq!(world.count("files").await, 1);
    }
}
