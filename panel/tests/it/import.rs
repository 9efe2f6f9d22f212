//! «Загрузка из таблицы».

use axum::http::StatusCode;
use opora_core::patronage::import;
use opora_testkit::{World, on_both_databases};

use crate::visit::{Page, Visitor};

async fn upload(visitor: &mut Visitor, content: &str) -> Page {
    let page = visitor.get("/citizens/import").await;
    let token = page.attribute("main input[name=csrf]", "value").expect("a form");
    let body = format!(
        "--part\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--part\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"list.csv\"\r\nContent-Type: text/csv\r\n\r\n{content}\r\n--part--\r\n"
    );
    visitor.post_body("/citizens/import/file", "multipart/form-data; boundary=part", body).await
}

on_both_databases! {
    /// PT-279: from the list through preview and run to the undoing, without a script.
    async fn a_list_is_checked_loaded_and_taken_back(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let list = administrator.get("/citizens").await;
        assert!(list.attributes("main a", "href").contains(&"/citizens/import".to_owned()));
        assert_eq!(administrator.get("/citizens/import").await.text_of(".empty__title"), "Загрузок ещё не было");
        let taken = upload(&mut administrator, "Фамилия;Имя;Телефон;ИНН\nПетрова;Мария;89131234567;\nБорисов;Борис;89131234568;1\n").await;
        let path = taken.location().to_owned();
        let waiting = administrator.get(&path).await;
        assert!(waiting.has("#progress") && waiting.headers.contains_key("refresh"), "it renews itself");
        import::work_off(&world.app).await.expect("it can be checked");
        let preview = administrator.get(&path).await;
        assert_eq!(preview.texts(".import-figures dt"), ["Новые", "С ошибками"]);
        assert_eq!(preview.texts("td .field__error"), ["Строка 3, ИНН: ИНН указан неверно"]);
        assert_eq!(world.count("citizens").await, 0);
        administrator.post(&format!("{path}/start"), &[("existing", "skip")]).await;
        import::work_off(&world.app).await.expect("it can be loaded");
        let done = administrator.get(&format!("{path}?part=new")).await;
        assert_eq!(done.text_of("td a"), "Петрова Мария");
        let question = administrator.get(&format!("{path}/undo")).await;
        assert_eq!(question.text_of("h1"), "Отменить загрузку?");
        administrator.post(&format!("{path}/undo"), &[]).await;
        import::work_off(&world.app).await.expect("it can be taken back");
        assert_eq!(world.count("citizens WHERE deleted_at IS NULL").await, 0);
    }

    async fn what_is_no_table_is_refused_beside_the_field(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let refused = upload(&mut administrator, "Рост;Вес\n170;70\n").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text_of("#e-file").starts_with("Не найдена строка заголовков"));
        assert_eq!(world.count("imports").await, 0);
    }

    async fn a_preview_can_be_thrown_away(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let path = upload(&mut administrator, "ФИО;Телефон\nПетрова Мария;89131234567\n").await.location().to_owned();
        import::work_off(&world.app).await.expect("it can be checked");
        administrator.get(&path).await;
        let gone = administrator.post(&format!("{path}/discard"), &[]).await;
        assert_eq!(gone.location(), "/citizens/import");
        assert_eq!(world.count("import_rows").await, 0);
    }
}
