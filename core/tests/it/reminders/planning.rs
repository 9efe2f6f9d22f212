use opora_core::{
    foundation::{errors::Failure, ids::SubmissionId},
    patronage::reminders::{self, ReminderForm, Upcoming, upcoming},
};
use opora_testkit::{World, on_both_databases};

use super::kit::{Programme, daily, excluding, of_kind, once, refusal, shown};

on_both_databases! {
    /// PT-172
    async fn one_submission_is_planned_once(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        let submission = SubmissionId::draw(world.app.clock.now(), &*world.app.chance);
        let mut planned = Vec::new();
        for _ in 0..2 {
            let mut work = world.begin(anna.actor()).await;
            let form = once("Текст", "2026-03-11", "09:00");
            planned.push(reminders::plan(&mut work, maria.person, &form, submission).await.unwrap());
            work.commit().await.unwrap();
        }
        assert_eq!(planned[0], planned[1]);
        assert_eq!(world.count("series").await, 1);
    }

    /// PT-281
    async fn a_foreign_citizen_cannot_be_planned_for(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let boris = world.curator("Борисов Борис").await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        let form = once("Текст", "2026-03-11", "09:00");
        let planned = world.try_plan(&boris.actor(), maria.person, &form).await;
        assert!(matches!(planned, Err(Failure::NotFound)), "{planned:?}");
        world.plan(&world.administrator().await, maria.person, &form).await;
    }

    /// PT-D33
    async fn ordinals_of_a_long_series_reach_the_end_of_2099(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        let form = ReminderForm {
            end_by: "date".to_owned(),
            times: String::new(),
            end_date: "31.12.2099".to_owned(),
            ..daily("Каждый день", "2026-03-11", "09:00", 1)
        };
        world.plan(&anna.actor(), maria.person, &form).await;
        assert_eq!(world.count("occurrences").await, 0, "nothing is written ahead");
        let december = world.entries(&anna.actor(), maria.person, "2098-12-01", "2098-12-31").await;
        assert_eq!(december.len(), 31, "PT-175");
        assert_eq!(december[0].ordinal, 26_564);
    }

    /// PT-176
    async fn a_reminder_may_be_planned_for_somebody_without_a_link(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        world.plan(&anna.actor(), maria.person, &once("Текст", "2026-03-10", "09:30")).await;
        world.clock.turn_to("2026-03-10T06:30:00Z");
        assert_eq!(world.claim_all().await.undelivered, 1);
        let entries = world.entries(&anna.actor(), maria.person, "2026-03-10", "2026-03-10").await;
        assert_eq!(entries[0].reason, Some(reminders::Reason::NotLinked));
        assert_eq!(world.count("outbox").await, 0);
    }

    async fn a_preview_shows_dates_with_what_is_special_about_them(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let berlin = world.district("Берлин", Some("Europe/Berlin")).await;
        let maria = world.citizen("Петрова Мария").of(&anna).living_in(berlin).await;
        let form = excluding("2026-03-28", "", daily("", "2026-03-28", "02:30", 3));
        let mut work = world.look(anna.actor()).await;
        let preview = reminders::preview(&mut work, maria.person, &form).await.unwrap();
        assert_eq!((preview.total, preview.last.to_string()), (Some(3), "2026-03-30".to_owned()));
        assert!(preview.dates[0].excluded && !preview.dates[1].excluded);
        let note = preview.dates[1].note.as_ref().map(|note| note.key.to_string());
        assert_eq!(note.as_deref(), Some("reminders-note-skipped"));
        assert_eq!(preview.dates[1].moment.to_rfc3339(), "2026-03-29T01:00:00+00:00");
        let monthly = ReminderForm { repetition: "monthly".to_owned(), ..daily("", "2026-03-31", "09:00", 2) };
        let preview = reminders::preview(&mut work, maria.person, &monthly).await.unwrap();
        let note = preview.dates[1].note.as_ref().map(|note| note.key.to_string());
        assert_eq!(note.as_deref(), Some("reminders-note-month-end"));
        let wrong = reminders::preview(&mut work, maria.person, &daily("", "2026-03-31", "09:00", 501)).await;
        assert_eq!(refusal(wrong), "reminders-times-limit");
    }

    /// PT-111, PT-112, PT-113, PT-114, PT-D22
    async fn so_many_days_ahead_are_so_many_daily_reminders(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        world.plan(&anna.actor(), maria.person, &daily("Каждый день", "2026-03-10", "09:00", 100)).await;
        for moment in ["2026-03-10T06:00:00Z", "2026-03-10T07:00:00Z"] {
            world.clock.turn_to(moment);
            for days in [3, 7, 14, 30] {
                let mut work = world.look(maria.actor()).await;
                let listing = upcoming(&mut work, maria.person, Upcoming::Days(days)).await.unwrap();
                assert_eq!((listing.lines.len(), listing.more), (usize::from(days), 0), "{days} at {moment}");
            }
            world.claim_all().await;
        }
    }

    /// PT-115, PT-116, PT-117, PT-118, PT-119, PT-D23
    async fn lists_show_what_is_planned_for_the_citizen_and_nothing_else(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        for (kind, text, day) in [
            ("support_measures", "Льготы", "2026-03-12"),
            ("information", "Вопрос", "2026-03-11"),
            ("meeting", "Прием", "2026-03-13"),
            ("curator_reminder", "Для себя", "2026-03-11"),
            ("meeting", "Через год", "2027-03-09"),
            ("information", "Слишком далеко", "2026-04-10"),
        ] {
            world.plan(&anna.actor(), maria.person, &of_kind(kind, once(text, day, "10:00"))).await;
        }
        let hidden = excluding("2026-03-11", "2026-03-11", once("Исключено", "2026-03-11", "11:00"));
        world.plan(&anna.actor(), maria.person, &hidden).await;
        let gone = world.plan(&anna.actor(), maria.person, &once("Удалено", "2026-03-11", "12:00")).await;
        world.delete(&anna.actor(), (gone, 1, 1), reminders::Reach::OnlyThis).await.unwrap();

        let mut work = world.look(maria.actor()).await;
        let mut list = async |which| {
            let listing = upcoming(&mut work, maria.person, which).await.unwrap();
            listing.lines.iter().map(|line| reminders::line(world.app.house_words(), line)).collect::<Vec<_>>()
        };
        assert_eq!(
            list(Upcoming::Days(7)).await,
            [
                "11.03.2026, 10:00 — Информация для Вас: Вопрос",
                "12.03.2026, 10:00 — Меры поддержки: Льготы",
                "13.03.2026, 10:00 — Дата встречи с соц. куратором: Прием",
            ]
        );
        assert_eq!(list(Upcoming::OfKind(reminders::Kind::Information)).await.len(), 1);
        assert_eq!(list(Upcoming::OfKind(reminders::Kind::SupportMeasures)).await.len(), 1);
        assert_eq!(list(Upcoming::OfKind(reminders::Kind::Meeting)).await.len(), 2);
        assert_eq!(list(Upcoming::OfKind(reminders::Kind::CuratorReminder)).await, Vec::<String>::new());
    }

    /// PT-121
    async fn a_long_list_stops_after_50_lines(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        for hour in ["08:00", "08:30"] {
            world.plan(&anna.actor(), maria.person, &daily("Каждый день", "2026-03-11", hour, 100)).await;
        }
        let mut work = world.look(maria.actor()).await;
        let listing = upcoming(&mut work, maria.person, Upcoming::Days(30)).await.unwrap();
        assert_eq!((listing.lines.len(), listing.more), (50, 10));
    }

    /// PT-167, PT-168, PT-169, PT-D34
    async fn excluded_dates_are_black_not_sent_and_count(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let form = excluding("2026-03-12", "2026-03-14", daily("Каждый день", "2026-03-11", "09:00", 6));
        let series = world.plan(&anna.actor(), maria.person, &form).await;
        let days = async || shown(&world.entries(&anna.actor(), maria.person, "2026-03-01", "2026-03-31").await);
        let planned = [
            "03-11 planned", "03-12 excluded", "03-13 excluded", "03-14 excluded", "03-15 planned", "03-16 planned",
        ];
        assert_eq!(days().await, planned);
        world.clock.turn_to("2026-03-11T06:00:00Z");
        assert_eq!(world.claim_all().await.sent, 1);
        world.clock.turn_to("2026-03-12T12:00:00Z");
        assert_eq!(world.claim_all().await.sent, 0);

        // Lifted on the 12th: what is past stays black, the rest is blue again.
        let opened = world.open(&anna.actor(), series, 5).await;
        let form = ReminderForm { exclusions: Vec::new(), ..opened.form };
        let reach = reminders::Reach::ThisAndFollowing;
        world.change(&anna.actor(), (series, 5, opened.version), reach, &form).await.unwrap();
        let lifted = [
            "03-11 sending", "03-12 excluded", "03-13 planned", "03-14 planned", "03-15 planned", "03-16 planned",
        ];
        assert_eq!(days().await, lifted);
        world.to_the_end().await;
        assert_eq!(world.sent().await.len(), 5);
    }
}
