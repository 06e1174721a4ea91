//! HPE's lists come in pages, of subscriptions ten at a time: nothing on a later one is overlooked.

use crate::provider::{ID, Provider};
use crate::tool::{beside, fails, receiver, subscriptions, succeeds};

/// A workspace with this many subscriptions of one webhook, and with and without totals.
fn workspaces(subscribed: usize) -> [Provider; 2] {
    [false, true].map(|is_silent| {
        let provider = Provider::greenlake();
        let mut state = provider.state.lock().unwrap();
        state.subscribed =
            (0..subscribed).map(|number| format!("com.hpe.greenlake.test.v1.{number}.created")).collect();
        state.is_silent_on_totals = is_silent;
        drop(state);
        provider
    })
}

fn pages(provider: &Provider, path: &str) -> usize {
    provider.calls().iter().filter(|call| **call == format!("GET {path}")).count()
}

const SUBSCRIPTIONS: &str = "/events/v1beta1/subscriptions";

#[test]
fn list_has_what_stands_on_later_pages() {
    for (number, expected) in [(9, [1, 1]), (10, [1, 2]), (11, [2, 2]), (23, [3, 3])] {
        for (api, pages_asked) in workspaces(number).iter().zip(expected) {
            let list = ["list", "greenlake", "--kind", "subscription", "--json"];
            let ended = succeeds(subscriptions(api.api.address, &list));
            let ids: std::collections::HashSet<_> = ended.stdout.lines().collect();
            assert_eq!((ids.len(), ended.stdout.lines().count()), (number, number), "{}", ended.stdout);
            assert_eq!(pages(api, SUBSCRIPTIONS), pages_asked, "{number}");
        }
    }
}

#[test]
fn show_and_update_find_what_stands_on_a_later_page() {
    for api in workspaces(23) {
        let last = "0c7d5a0e-8f0b-4d57-9b61-000000001022";
        let show = ["show", "greenlake", last, "--kind", "subscription"];
        let ended = succeeds(subscriptions(api.api.address, &show));
        assert!(ended.stdout.contains("com.hpe.greenlake.test.v1.22.created"), "{}", ended.stdout);
        fails(
            subscriptions(api.api.address, &["show", "greenlake", ID, "--kind", "subscription"]),
            1,
            &["no subscription"],
        );
        // The stand-in changes none, but the one to change was found: its type and its webhook are sent.
        let update = ["update", "greenlake", last, "--kind", "subscription", "--filter", "x"];
        fails(subscriptions(api.api.address, &update), 1, &["PATCH"]);
        let sent = api.api.asked().pop().unwrap().json();
        assert_eq!(sent[0]["eventType"], "com.hpe.greenlake.test.v1.22.created");
    }
}

#[test]
fn setup_finds_webhook_and_subscriptions_on_later_pages() {
    let receiver = receiver("greenlake", "before-long-and-random\n");
    let target = format!("http://{}", receiver.public());
    for api in workspaces(23) {
        let setup = |event| {
            let args = ["setup", "greenlake", "--target", &target, "--event", event];
            succeeds(beside(&receiver, api.api.address, "greenlake", &args))
        };
        setup("com.hpe.greenlake.test.v1.0.created");
        // From now on the webhook is on the second page, and the event type on the third.
        api.state.lock().unwrap().others = 205;
        let before = pages(&api, SUBSCRIPTIONS);
        let ended = setup("com.hpe.greenlake.test.v1.22.created");
        assert!(ended.stdout.contains("0 subscribed, 1 before"), "{}", ended.stdout);
        assert!(ended.stdout.contains(&format!("{ID} is there")), "{}", ended.stdout);
        assert_eq!(pages(&api, SUBSCRIPTIONS) - before, 3);
        assert_eq!(api.calls().iter().filter(|call| *call == "POST /events/v1beta1/webhooks").count(), 1);
        assert_eq!(api.state.lock().unwrap().subscribed.len(), 23);
    }
}

#[test]
fn a_list_without_an_end_is_told() {
    let endless = crate::stand_in::StandIn::start(|_| {
        let items: Vec<_> = (0..10).map(|_| serde_json::json!({"id": ID})).collect();
        crate::stand_in::Reply::json(200, &serde_json::json!({"items": items}))
    });
    let list = ["list", "greenlake", "--kind", "subscription"];
    fails(subscriptions(endless.address, &list), 1, &["does not end after 100 pages of 10"]);
}
