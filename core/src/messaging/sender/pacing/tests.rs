use proptest::prelude::*;

use super::*;

fn moment(micros: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + TimeDelta::microseconds(micros)
}

/// Sends as early as allowed, but wakes up late by the given times; gives the moments of sending.
fn moments(rate: f64, delays: &[i64]) -> Vec<Timestamp> {
    let mut meter = Meter::starting(Pace::per_second(rate), moment(0));
    let mut now = moment(0);
    let mut sent = Vec::new();
    for delay in delays {
        now = now.max(meter.next()) + TimeDelta::microseconds(*delay);
        meter.count(now);
        sent.push(now);
    }
    sent
}

proptest! {
    /// PT-D41
    #[test]
    fn no_second_holds_more_than_the_limit(rate in 1_u32..200, delays in prop::collection::vec(0_i64..300_000, 50..600)) {
        let sent = moments(f64::from(rate), &delays);
        for (index, first) in sent.iter().enumerate() {
            let within = sent[index..].iter().take_while(|at| **at - *first <= TimeDelta::seconds(1)).count();
            prop_assert!(within <= rate as usize, "{within} in the second from {first}");
        }
    }

    #[test]
    fn a_sender_in_time_reaches_nearly_the_limit(rate in 2_u32..1000) {
        let sent = moments(f64::from(rate), &vec![0; rate as usize * 10 + 1]);
        let took = (*sent.last().unwrap() - sent[0]).as_seconds_f64();
        prop_assert!(took < 10.6, "{took} s for 10 s of messages");
    }
}

#[test]
fn without_a_limit_nothing_waits() {
    let mut meter = Meter::starting(Pace::per_second(0.0), moment(5));
    for _ in 0..1000 {
        assert_eq!(meter.next(), moment(5));
        meter.count(moment(5));
    }
    let mut chats = ChatMeters::new(Pace::per_second(0.0));
    chats.count("1", moment(5));
    assert_eq!(chats.resting(moment(5)).0, Vec::<&str>::new());
}

#[test]
fn a_chat_rests_after_a_message_and_others_do_not() {
    let mut chats = ChatMeters::new(Pace::per_second(1.0));
    chats.count("1", moment(0));
    assert_eq!(chats.resting(moment(1_000_000)), (vec!["1"], Some(moment(1_050_000))));
    assert_eq!(chats.resting(moment(1_050_000)).0, Vec::<&str>::new());
}
