//! Copies of one event are known for what they are.

use super::recorder::Recorder;
use super::*;
use crate::signature::FixedClock;

#[tokio::test]
async fn an_event_that_is_signed_anew_for_another_try_keeps_its_id() {
    let (clock, recorder) = (Box::new(FixedClock(1_767_225_600)), Recorder::default());
    let credentials = Credentials::made_up(Secret::new("secret"));
    let running = running_by(clock, "", &|_| Some(credentials.clone()), recorder.clone()).await;
    let (nursa, body) = (endpoint("nursaEvents"), r#"{"data":{},"eventType":"shift.cancelled"}"#);
    for time in [1_767_225_600, 1_767_225_605] {
        assert_eq!(post(&running, nursa, body, time).await, "200");
    }
    assert_eq!(post(&running, nursa, &body.replace("shift", "shifts"), 1_767_225_600).await, "200");
    let ids = recorder.ids();
    assert!(ids[0].starts_with("sha256:") && ids[0] == ids[1] && ids[0] != ids[2], "{ids:?}");
}
