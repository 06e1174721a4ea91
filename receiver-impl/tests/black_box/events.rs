//! What arrives where: either form, either endpoint, and the line that a handler logs for it.

use serde_json::Value;
use webhook_api::PROVIDERS;

use crate::common::events::{self, APPLIANCE, ASSET, MODEL, SYSTEM};
use crate::common::{EVENTS, ONLINE_2024, Receiver, Request};

#[test]
fn every_event_of_the_spec_is_handled_where_it_belongs() {
    let receiver = Receiver::start();
    let mut connection = receiver.connect();
    let mut sent = 0;
    for (endpoint, event) in
        PROVIDERS.iter().filter(|provider| provider.name == "gridx").flat_map(|gridx| gridx.events())
    {
        let answer = connection.exchange(&Request::signed(endpoint.path, event.example.unwrap()));
        assert_eq!(answer.status, endpoint.outcomes.accepted.as_u16(), "{} at {}", event.name, endpoint.path);
        sent += 1;
    }
    assert_eq!(sent, 20 + 10, "gridX has twenty events of today's form and ten paths of the 2024 form");
    drop(connection);
    let logs = receiver.stop().stderr;
    let warnings: Vec<_> = logs.lines().filter(|line| !line.contains(r#""level":"INFO""#)).collect();
    assert_eq!(warnings, Vec::<&str>::new());
}

#[test]
fn logs_the_id_model_and_system_of_an_appliance_that_comes_and_goes() {
    let receiver = Receiver::start();
    for (path, status) in [(EVENTS, 204), (ONLINE_2024, 200)] {
        for event_type in ["appliance/online", "appliance/offline"] {
            let model = format!("{MODEL}-{status}-{event_type}");
            let body = events::changed(|event| {
                event["type"] = event_type.into();
                event["data"]["model"] = model.as_str().into();
            });
            receiver.answer(&Request::signed(path, body)).assert_bare(status);
            let line = receiver.logs().wait_for(&[APPLIANCE, &model, SYSTEM]);
            assert!(line.contains(event_type.split('/').next_back().unwrap()), "{line}");
        }
    }
}

#[test]
fn logs_one_line_for_each_event_that_it_takes() {
    let receiver = Receiver::start();
    let gridx = PROVIDERS.iter().find(|provider| provider.name == "gridx").unwrap();
    let mut expected = Vec::new();
    for (number, (endpoint, event)) in gridx.events().enumerate() {
        let mut body: Value = serde_json::from_str(event.example.unwrap()).unwrap();
        let id = format!("00000000-0000-4000-8000-{number:012}");
        body["id"] = id.as_str().into();
        receiver.answer(&Request::signed(endpoint.path, events::bytes(&body)));
        expected.push((event.name, id));
    }
    let logs = receiver.stop().stderr;
    let lines = logs.lines().filter(|line| line.contains("handlers")).count();
    assert_eq!(lines, expected.len(), "{logs}");
}

#[test]
fn what_the_body_says_goes_before_what_the_path_says() {
    let receiver = Receiver::start();
    let body = events::changed(|event| event["type"] = "appliance/offline".into());
    receiver.answer(&Request::signed(ONLINE_2024, body)).assert_bare(200);
    receiver.logs().wait_for(&["offline", APPLIANCE, MODEL]);
    let logs = receiver.stop().stderr;
    assert!(logs.contains("goes before the path"), "{logs}");
}

#[test]
fn a_path_of_the_2024_form_takes_an_event_that_only_todays_form_has() {
    let receiver = Receiver::start();
    let body = events::changed(|event| event["type"] = "appliance/update".into());
    receiver.answer(&Request::signed(ONLINE_2024, body)).assert_bare(200);
    receiver.logs().wait_for(&[APPLIANCE, MODEL]);
}

#[test]
fn todays_endpoint_takes_a_commissioning_that_only_the_2024_form_has() {
    let receiver = Receiver::start();
    let gridx = PROVIDERS.iter().find(|provider| provider.name == "gridx").unwrap();
    let example = gridx.events().find(|(_, event)| event.name == "commissioning/done").unwrap().1.example.unwrap();
    receiver.answer(&Request::signed(EVENTS, example)).assert_bare(204);
}

#[test]
fn both_spellings_of_the_commissioning_path_lead_to_the_same_place() {
    let receiver = Receiver::start();
    let gridx = PROVIDERS.iter().find(|provider| provider.name == "gridx").unwrap();
    let example = gridx.events().find(|(_, event)| event.name == "commissioning/done").unwrap().1.example.unwrap();
    for path in ["/gridx/events/comissioning/done", "/gridx/events/commissioning/done"] {
        receiver.answer(&Request::signed(path, example)).assert_bare(200);
    }
}

#[test]
fn the_members_and_not_the_endpoint_tell_which_form_of_plugged_it_is() {
    let plugged_2024 = "/gridx/events/ev/plugged";
    let (today, former) = (events::bytes(&events::ev_plugged()), events::bytes(&events::ev_plugged_2024()));
    for (path, body, status, told) in [
        (EVENTS, &today, 204, ASSET),
        (EVENTS, &former, 204, APPLIANCE),
        (plugged_2024, &today, 200, ASSET),
        (plugged_2024, &former, 200, APPLIANCE),
    ] {
        let receiver = Receiver::start();
        receiver.answer(&Request::signed(path, body.clone())).assert_bare(status);
        receiver.logs().wait_for(&["handlers", told]);
    }
}

#[test]
fn takes_the_misspelt_update_of_an_appliance_for_what_it_means() {
    let receiver = Receiver::start();
    let body = events::changed(|event| event["type"] = "appliance/upate".into());
    receiver.answer(&Request::signed(EVENTS, body)).assert_bare(204);
    receiver.logs().wait_for(&[APPLIANCE, MODEL]);
}

#[test]
fn takes_either_spelling_of_the_correlation_and_of_the_spec_version() {
    let receiver = Receiver::start();
    for (name, value) in [
        ("correlationID", "7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22"),
        ("correlationId", "7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22"),
        ("specVersion", "1.0.1"),
        ("specversion", "1.0"),
        ("datacontenttype", "application/json"),
    ] {
        let body = events::changed(|event| event[name] = value.into());
        receiver.answer(&Request::signed(EVENTS, body)).assert_bare(204);
    }
}

#[test]
fn takes_the_same_event_again() {
    let receiver = Receiver::start();
    for _ in 0..3 {
        receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
    }
}

#[test]
fn takes_an_old_event_because_nothing_signs_its_age() {
    let receiver = Receiver::start();
    let body = events::changed(|event| event["time"] = "1999-01-15T09:30:00Z".into());
    receiver.answer(&Request::signed(EVENTS, body)).assert_bare(204);
}
