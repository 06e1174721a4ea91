//! What is expected of every inbox, whatever it is made of.

pub(crate) mod admission;
pub(crate) mod changes;
pub(crate) mod closing;
pub(crate) mod endings;
pub(crate) mod leases;
pub(crate) mod ordering;
pub(crate) mod paging;
pub(crate) mod retention;
pub(crate) mod transfer;

/// Hands the name of every test to `$with`.
macro_rules! each_test {
    ($($with:ident)::+, $store:ty) => {
        $($with)::+! {
            $store:
            admission: [
                answers_in_the_order_of_the_events,
                nothing_is_a_fine_admission,
                keeps_an_event_byte_for_byte,
                a_copy_is_kept_once,
                copies_within_one_admission_are_kept_once,
                an_identity_is_one_of_its_provider_alone,
                whatever_became_of_an_event_its_copy_is_one,
                copies_that_race_are_kept_once,
                many_admissions_at_once_are_all_kept,
                an_identity_is_forgotten_after_its_time,
                a_digest_is_forgotten_sooner,
                a_clock_that_was_set_back_makes_no_copy_new,
                what_was_kept_is_there_after_a_restart,
            ]
            leases: [
                lends_the_oldest_first_and_no_more_than_asked_for,
                a_first_try_is_the_first,
                waits_until_there_is_something,
                lends_only_events_of_the_provider_that_is_asked_for,
                lends_an_event_to_one_taker_only,
                a_taker_that_gives_up_takes_nothing_with_it,
                a_lease_that_is_over_gives_the_event_to_the_next,
                a_lease_that_is_over_is_over_though_nobody_else_asked,
                a_lease_can_be_made_longer,
                a_lease_can_be_made_shorter,
                a_lease_settles_once,
                a_lease_does_not_outlive_a_replay,
                what_was_lent_is_lent_again_after_a_restart,
            ]
            ordering: [
                one_event_of_a_key_is_lent_at_a_time,
                events_of_a_key_come_in_the_order_of_their_admission,
                the_key_is_the_providers_alone,
                those_behind_one_that_failed_wait_and_others_do_not,
                whatever_ends_the_first_lets_the_next_go,
                what_is_returned_keeps_its_place,
                a_lease_that_is_over_keeps_the_order,
                to_park_the_first_lets_the_next_go,
                to_park_one_in_the_middle_closes_the_gap,
                one_that_is_handled_again_waits_for_its_key,
                the_order_holds_after_a_restart,
                a_long_row_behind_one_that_fails_holds_up_nobody,
            ]
            endings: [
                what_is_done_dead_or_parked_is_not_lent_again,
                what_failed_is_lent_again_after_its_time,
                what_failed_stands_in_nobodys_way,
                what_is_returned_was_not_tried,
                tries_begin_anew_with_a_replay_and_attempts_do_not,
                a_long_fault_is_kept_as_it_is,
                endings_hold_after_a_restart,
                figures_tell_how_many_there_are_in_each_state,
                the_oldest_is_one_that_waits,
            ]
            changes: [
                a_change_happens_where_the_state_allows_it_and_nowhere_else,
                what_is_handled_again_is_due_at_once,
                what_is_parked_is_not_due,
                what_is_removed_is_gone_and_its_identity_new,
                answers_in_the_order_of_the_ids,
                what_has_no_body_cannot_be_handled_again,
                changes_hold_after_a_restart,
            ]
            retention: [
                nothing_young_is_removed,
                a_body_goes_before_its_identity,
                body_and_identity_can_go_together,
                what_is_not_done_never_goes_by_age,
                a_young_event_stays_among_older_ones_that_came_later,
                age_is_counted_from_the_arrival,
                much_goes_in_portions,
                removal_holds_after_a_restart,
            ]
            paging: [
                lists_the_newest_first_page_by_page,
                an_empty_inbox_has_one_empty_page,
                pages_stay_where_they_are_while_events_come_and_go,
                a_line_tells_what_the_event_is,
                filters_by_everything,
                shows_nothing_of_what_is_not_there,
            ]
            transfer: [
                an_event_comes_over_with_its_state_and_its_past,
                what_waited_is_due_and_counts_on,
                what_is_here_already_stays_as_it_is,
                an_imported_event_is_one_to_its_copies,
                an_event_without_its_body_comes_over_without_it,
                the_order_comes_over,
            ]
            closing: [
                an_open_inbox_is_well,
                a_closed_inbox_takes_and_gives_nothing,
                whoever_waits_is_told,
                what_is_under_way_is_finished,
            ]
        }
    };
}

pub(crate) use each_test;
