use proptest::prelude::*;

use super::*;

fn moment(micros: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + TimeDelta::microseconds(micros)
}

/// A message's travel: how late the sender wakes up for it, how long it travels there, and how long the answer travels back.
#[derive(Debug, Clone, Copy)]
struct Travel {
    late: i64,
    there: i64,
    back: i64,
}

/// Sends as early as allowed; gives the moments at which the messages leave and arrive.
fn journeys(rate: f64, travels: &[Travel]) -> Vec<(Timestamp, Timestamp)> {
    let mut meter = Meter::starting(Pace::per_second(rate), moment(0));
    let mut now = moment(0);
    let mut coming: Vec<Timestamp> = Vec::new();
    let mut sent = Vec::new();
    for travel in travels {
        // Answers that came meanwhile, and as many more as it takes to make room.
        loop {
            coming.sort_unstable();
            let next = meter.next();
            match coming.first().copied() {
                Some(answer) if next.is_none_or(|next| answer <= next.max(now)) => {
                    now = now.max(answer);
                    meter.landed(answer);
                    coming.remove(0);
                }
                _ => break,
            }
        }
        now = now.max(meter.next().expect("nothing is in flight that could hold it back"));
        now += TimeDelta::microseconds(travel.late);
        meter.launched(now);
        let arrives = now + TimeDelta::microseconds(travel.there);
        coming.push(arrives + TimeDelta::microseconds(travel.back));
        sent.push((now, arrives));
    }
    sent
}

fn travel() -> impl Strategy<Value = Travel> {
    (0_i64..100_000, 0_i64..400_000, 0_i64..400_000).prop_map(|(late, there, back)| Travel { late, there, back })
}

proptest! {
    /// PT-D41
    #[test]
    fn no_second_holds_more_than_the_limit_however_they_travel(
        rate in 1_u32..60, travels in prop::collection::vec(travel(), 50..300),
    ) {
        let mut arrivals: Vec<_> = journeys(f64::from(rate), &travels).into_iter().map(|it| it.1).collect();
        arrivals.sort_unstable();
        for (index, first) in arrivals.iter().enumerate() {
            let within = arrivals[index..].iter().take_while(|at| **at - *first <= TimeDelta::seconds(1)).count();
            prop_assert!(within <= rate as usize, "{within} in the second from {first}");
        }
    }

    #[test]
    fn a_sender_in_time_reaches_nearly_the_limit(rate in 2_u32..1000) {
        let travels = vec![Travel { late: 0, there: 0, back: 0 }; rate as usize * 10 + 1];
        let sent = journeys(f64::from(rate), &travels);
        let took = (sent.last().unwrap().0 - sent[0].0).as_seconds_f64();
        prop_assert!(took < 10.3, "{took} s for 10 s of messages");
    }

    #[test]
    fn whoever_takes_rows_ahead_takes_no_more_than_can_go(rate in 1_u32..100, travels in prop::collection::vec(travel(), 1..60)) {
        let mut meter = Meter::starting(Pace::per_second(f64::from(rate)), moment(0));
        let mut now = moment(0);
        for travel in travels {
            now += TimeDelta::microseconds(travel.late);
            let until = now + TimeDelta::milliseconds(20);
            for _ in 0..meter.room(now, until) {
                let next = meter.next().expect("room was promised");
                prop_assert!(next <= until, "{next} is after {until}");
                meter.launched(next.max(now));
            }
            prop_assert!(meter.next().is_none_or(|next| next > until));
            meter.landed(now);
        }
    }
}

#[test]
fn without_a_limit_nothing_waits() {
    let mut meter = Meter::starting(Pace::per_second(0.0), moment(5));
    for _ in 0..1000 {
        assert!(meter.next().is_some_and(|next| next <= moment(5)));
        meter.launched(moment(5));
    }
    let mut chats = ChatMeters::new(Pace::per_second(0.0));
    chats.landed("1", moment(5));
    assert_eq!(chats.resting(moment(5)).0, Vec::<&str>::new());
}

#[test]
fn a_chat_rests_after_a_message_was_answered_and_others_do_not() {
    let mut chats = ChatMeters::new(Pace::per_second(1.0));
    chats.landed("1", moment(0));
    assert_eq!(chats.resting(moment(1_000_000)), (vec!["1"], Some(moment(1_002_000))));
    assert_eq!(chats.resting(moment(1_002_000)).0, Vec::<&str>::new());
}

#[test]
fn a_clock_that_is_set_back_makes_nobody_wait_longer() {
    let mut meter = Meter::starting(Pace::per_second(1.0), moment(0));
    meter.launched(moment(3_600_000_000));
    meter.landed(moment(3_600_000_000));
    meter.set_back(TimeDelta::hours(1));
    assert_eq!(meter.next(), Some(moment(1_002_000)));
}
