//! The rules: one table that says, for each kind of change, its class, what it is to the receiver that runs today, and
//! what to do. `docs/spec-diff.md` is made from it, and a golden case holds each row.

use super::class::Class;

macro_rules! rules {
    ($($class:ident { $($name:ident = $id:literal: $what:literal, $advice:literal;)+ })+) => {
        /// A kind of change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[doc = $what] $name,)+)+
        }

        impl Rule {
            /// Every rule, the worst class first.
            pub const ALL: &[Self] = &[$($(Self::$name),+),+];

            /// The id, which never changes.
            pub fn id(self) -> &'static str {
                match self {
                    $($(Self::$name => $id,)+)+
                }
            }

            /// What the change does to the receiver that runs today.
            pub fn class(self) -> Class {
                match self {
                    $($(Self::$name)|+ => Class::$class,)+
                }
            }

            /// What the change is.
            pub fn what(self) -> &'static str {
                match self {
                    $($(Self::$name => $what,)+)+
                }
            }

            /// What to do about it.
            pub fn advice(self) -> &'static str {
                match self {
                    $($(Self::$name => $advice,)+)+
                }
            }
        }
    };
}

rules! {
    Security {
        SignatureAlgorithm = "signature-algorithm":
            "Deliveries are signed with another algorithm.",
            "Compare with the provider's page; while it changes over, list the old and the new scheme side by side, each with its own keys.";
        SignatureEncoding = "signature-encoding":
            "Signatures are written in another way.",
            "Compare with the provider's page, and with a captured delivery: `receiver verify`.";
        SignatureHeader = "signature-header":
            "Signatures stand in another header.",
            "Today's receiver finds none and refuses. Add a second scheme with the new header, deploy, then remove the old one.";
        SignaturePrefix = "signature-prefix":
            "Something else stands before each signature.",
            "Today's receiver takes no signature without the old prefix and refuses. Add a second scheme with the new prefix, deploy, then remove the old one.";
        SignatureGrammar = "signature-grammar":
            "The header with the signatures is read by other rules.",
            "Hold a captured header against the new rules: `receiver verify`. Laxer rules let more through to the comparison; they never replace it.";
        SignatureMost = "signature-most":
            "More or fewer signatures of a header are looked at.",
            "Fewer refuses a provider that signs with each live secret; more costs a computation each.";
        SignatureSigned = "signature-signed":
            "Other bytes are signed.",
            "What is no longer signed can be forged: make sure that the body still is, and the timestamp if one is checked.";
        SignatureTimestamp = "signature-timestamp":
            "The signed time stands elsewhere, is written differently, or is new or gone.",
            "Without a signed time, old deliveries can be replayed for ever; with a new one, today's receiver computes over other bytes and refuses.";
        SignatureTolerance = "signature-tolerance":
            "A signed time may differ more or less from the clock.",
            "Wider: replays live longer. Narrower: retries that are not signed anew are refused as stale.";
        SignatureKey = "signature-key":
            "The configured secret becomes key bytes in another way.",
            "Every signature differs then. Try it with the real secret and a captured delivery: `receiver verify`.";
        SchemeChanged = "scheme-changed":
            "A signature scheme changes in a way that is no field of its own.",
            "Read the scheme as a whole: old and new, and the provider's page.";
        GuardNew = "guard-new":
            "Deliveries may be authenticated in one more way.",
            "Each way suffices alone, so the weakest counts. Today's receiver refuses what is signed in the new way alone; give the new scheme its keys.";
        GuardGone = "guard-gone":
            "One way to authenticate deliveries is gone.",
            "Make sure that the provider no longer uses it: after the deployment such deliveries are refused.";
        GuardDropped = "guard-dropped":
            "Nothing authenticates deliveries any more.",
            "Do not merge: anybody could send events. List a scheme under `security`.";
        EventIdMoved = "event-id":
            "The identity of an event is taken from elsewhere.",
            "After the deployment, events that were kept before are not recognised as copies: one may be handled twice. Take only what is signed, and the same in every copy.";
        EventIdWeak = "event-id-weak":
            "A part of an event's identity may be missing.",
            "Where it is, a digest of the body stands in: two events that are equal count as one, and a copy that is written anew as a second event.";
        ChallengeChanged = "challenge":
            "The handshake that signs a text of whoever asks is new, different or gone.",
            "Its answer is as good as a signature: the pattern of the text must not fit an event. Today's receiver answers the old handshake or none.";
        NegotiationChanged = "negotiation":
            "The answer to OPTIONS is new, different or gone.",
            "Today's receiver gives the old answer, or 405; the provider may refuse to deliver until the new one is deployed.";
    }
    Breaks {
        PathMoved = "path-moved":
            "Deliveries arrive at another path.",
            "Today's receiver answers 404. Deploy first, keep the old path beside it for a while, and register the new address then.";
        HttpMethod = "http-method":
            "Deliveries arrive with another HTTP method.",
            "Today's receiver answers 405. Deploy first.";
        EventTypeMoved = "event-type-moved":
            "The event's type stands elsewhere.",
            "Today's receiver finds no type and parks every event; nothing is lost, but no method runs. Deploy first, or replay parked events afterwards: `receiver events replay --state parked`.";
        BatchOn = "batch-new":
            "Several events may come in one delivery.",
            "Today's receiver takes the list for one event, finds no type in it and parks it. Deploy first.";
        BodyGone = "body-gone":
            "Deliveries have no body any more.",
            "Today's receiver parks what it cannot read. Deploy first.";
        BodyOptional = "body-optional":
            "A delivery may come without a body.",
            "Today's receiver parks such a delivery. Deploy first if the provider really sends one.";
        MediaNotJson = "media-not-json":
            "Bodies may be something else than JSON.",
            "No receiver reads them: they are parked. Ask the provider for JSON.";
        AnswerAccepted = "answer-accepted":
            "A delivery that is taken is to be answered with another status.",
            "Today's receiver still answers the old one: a provider that does not count it as success sends again, and may give up. Deploy first.";
        AnswerParked = "answer-parked":
            "A delivery that is kept but not understood is to be answered with another status.",
            "Today's receiver still answers the old one; see whether the provider counts it as success.";
        AnswerUnauthenticated = "answer-unauthenticated":
            "A delivery without a valid signature is to be answered with another status.",
            "Today's receiver still answers the old one; some providers switch a webhook off by it.";
        AnswerRetry = "answer-retry":
            "A passing fault is to be answered with another status.",
            "Today's receiver still answers the old one: a provider that does not send again after it loses the event. Deploy first.";
        AnswerMalformed = "answer-malformed":
            "A request that can never succeed is to be answered with another status.",
            "Today's receiver still answers the old one.";
        AnswerGone = "answer-retired":
            "A retired endpoint is to be answered with another status, or with none of its own.",
            "Some providers delete a webhook by it: compare with the provider's page.";
        MemberGone = "member-gone":
            "A member that today's receiver insists on is no longer sent.",
            "Such events are parked. First release a spec where the member is optional, deploy it, and only then let it go.";
        MemberRespelled = "member-respelled":
            "A member is sent under another spelling of its name.",
            "Today's receiver misses the value. List the new spelling under `x-webhook-aliases` of the old name, deploy, then rename.";
        MemberOptional = "member-optional":
            "A member that today's receiver insists on may be missing.",
            "Events without it are parked. Deploy a receiver built from this spec before the provider leaves it out.";
        MemberAliasNew = "member-alias-new":
            "A member may be sent under one more name.",
            "Today's receiver does not read it under that name. Deploy first.";
        MemberTwice = "member-twice":
            "A member is sent whose name today's receiver reads as another spelling of a member that is sent, too.",
            "It refuses events with both. Take the alias away and deploy first.";
        TypeChanged = "type-changed":
            "A value is of another type.",
            "Today's receiver cannot read it and parks the event. Deploy first; a second member beside the old one would spare everybody that.";
        FormatChanged = "format-changed":
            "A text need no longer have the form that today's receiver reads.",
            "A text of another form does not parse, and the event is parked. Deploy first.";
        NullRefused = "null-new":
            "A value may be null where today's receiver does not take null.",
            "Events with null there are parked. Deploy first.";
        NumberWider = "number-wider":
            "A number may be larger or smaller than the integer type that today's receiver reads it into.",
            "Events with such numbers are parked. Deploy first.";
        LimitLoosened = "limit-loosened":
            "A value may exceed a limit that today's receiver checks.",
            "Events beyond the old limit are parked. Deploy first.";
        PatternChanged = "pattern-changed":
            "A text need no longer fit the pattern that today's receiver checks.",
            "Texts that do not fit the old pattern are parked with their events. Deploy first.";
        UnionTagMoved = "union-tag-moved":
            "The member that tells the forms of a value apart has another name.",
            "Today's receiver takes every form for `Other` and its members are lost to the handler. Deploy first.";
        Unjudged = "unjudged":
            "Something changes that no rule knows.",
            "Taken for the worst until somebody has looked: compare the two places by hand.";
    }
    Handler {
        EventNew = "event-new":
            "An event is new at an endpoint that exists.",
            "Write its method (`make regen` shows it). Until it is deployed such events arrive, are kept and stand as parked; `receiver events replay --state parked` handles them afterwards.";
        EventNewPath = "event-new-path":
            "An event is new, with an endpoint of its own.",
            "Write its method (`make regen` shows it). Today's receiver answers 404 there, and some providers switch a webhook off by that: register the address after the deployment.";
        EventGone = "event-gone":
            "An event no longer arrives.",
            "Take its method away; if the provider may still send it, leave it in the spec, for such events are parked after the deployment.";
        EventRenamed = "event-renamed":
            "An event has another name.",
            "Rename its method. Until that is deployed the new name is parked; list it under `aliases` of `x-webhook-event` to bridge the time.";
        EventAliasNew = "event-alias-new":
            "An event may arrive under one more name.",
            "Today's receiver parks it under that name. Deploy, then replay what is parked: no code to write.";
        EndpointGone = "endpoint-gone":
            "An endpoint is gone with its events.",
            "Take the methods away. After the deployment its path answers 404: take the subscription back first.";
        ProviderNew = "provider-new":
            "A provider is new.",
            "Write its handler file (`make regen` shows the methods) and configure its secrets; without them its routes are off.";
        ProviderGone = "provider-gone":
            "A provider is gone.",
            "Take its handler file and its secrets away, and its subscriptions back.";
        ProviderChanged = "provider-changed":
            "An endpoint belongs to another provider.",
            "Move the methods, and the secrets: after the deployment its deliveries are verified with those of the new provider.";
        OperationRenamed = "operation-renamed":
            "An endpoint has another operation id.",
            "Rename what refers to it in Rust; kept events still name the old one.";
        MethodRenamed = "method-renamed":
            "A trait method gets another name.",
            "Rename it in the handler.";
        MethodSignature = "method-signature":
            "A trait method takes or returns something else.",
            "Change it in the handler; the compiler shows where.";
        RustName = "rust-name":
            "A field or model has another name in Rust.",
            "Rename it where it is used; the compiler shows where.";
        SchemaRenamed = "schema-renamed":
            "A schema has another name, and with it its Rust type.",
            "Rename it where it is used; the compiler shows where.";
        SchemeRenamed = "scheme-renamed":
            "A signature scheme has another name.",
            "Nothing on the wire changes. Look for the name in dashboards: logs and `/metrics` carry it.";
        OrderingKey = "ordering-key":
            "Events are kept in order by something else, or no longer.",
            "See whether a method relies on the order: events with different keys run at the same time.";
        MemberOptionalGone = "member-optional-gone":
            "A member that events may have is no longer in the spec.",
            "Today's receiver reads `None`. Change the code that relies on it; if the member only has another name, list that under `x-webhook-aliases`.";
        DefaultChanged = "default-changed":
            "A missing member stands for another value.",
            "The receiver fills nothing in: change the code that stands in for the missing value.";
        ChoiceNew = "choice-new":
            "A value may have one more form, which no member tells apart.",
            "Today's receiver takes it for the first known form that fits, or for `Other`. Handle the new variant.";
    }
    Tolerated {
        MemberNew = "member-new":
            "A member is new.",
            "Today's receiver ignores it; it stays in `delivery.body`.";
        MemberRequired = "member-required":
            "A member that could be missing is always sent.",
            "Today's receiver sees `Some` each time.";
        MemberByAlias = "member-by-alias":
            "A member is sent under a name that today's receiver knows as an alias.",
            "It is read as before.";
        MemberAliasGone = "member-alias-gone":
            "A member is no longer sent under one of its names.",
            "Nothing to do.";
        EnumValueNew = "enum-value-new":
            "An enumeration has a new value.",
            "Today's receiver hands it on as `Other(..)`; see that the method does something sensible with it.";
        EnumValueGone = "enum-value-gone":
            "A value of an enumeration is no longer sent.",
            "Today's receiver waits for it in vain. After the deployment it would arrive as `Other(..)`.";
        EnumOpened = "enum-opened":
            "An enumeration becomes free text.",
            "Today's receiver hands unknown texts on as `Other(..)`.";
        NullTaken = "null-taken":
            "A value may be null where today's receiver takes null.",
            "It is read as `None`.";
        NullGone = "null-gone":
            "A value is never null any more.",
            "Nothing to do.";
        TypeNarrower = "type-narrower":
            "A value is of a type whose values today's receiver reads, too.",
            "Nothing to do; the Rust type changes with the next generation.";
        FormatUnread = "format-unread":
            "A text or number is said to have another form, which today's receiver does not look at.",
            "It is handed on as it comes.";
        LimitTightened = "limit-tightened":
            "A value keeps to narrower limits.",
            "Nothing to do.";
        LimitUnchecked = "limit-unchecked":
            "A value may exceed a limit that today's receiver does not check.",
            "It is handed on as it comes.";
        PatternNew = "pattern-new":
            "A text fits a pattern from now on, or one that today's receiver does not check changes.",
            "Nothing to do.";
        TypeUnread = "type-unread":
            "A value changes that today's receiver hands on as plain JSON.",
            "The method sees it as it comes.";
        UnionVariantNew = "union-variant-new":
            "A value has a new form, which a member tells apart.",
            "Today's receiver hands it on as `Other(..)`, with the JSON in it.";
        UnionVariantGone = "union-variant-gone":
            "A form of a value is no longer sent.",
            "Today's receiver waits for it in vain.";
        MoreMembers = "more-members":
            "An object is said to have other members beside the declared ones, or none.",
            "Today's receiver ignores members that are not declared.";
        KeywordUnread = "keyword-unread":
            "A keyword changes that the receiver does not check.",
            "Nothing to do.";
        EventByAlias = "event-by-alias":
            "An event arrives under a name that today's receiver knows as an alias.",
            "The same method takes it.";
        EventAliasGone = "event-alias-gone":
            "An event no longer arrives under one of its names.",
            "Make sure that the provider has stopped: after the deployment that name is parked.";
        BatchOff = "batch-gone":
            "A delivery holds one event only.",
            "Today's receiver takes one as well as many.";
        BodyRequired = "body-required":
            "Every delivery has a body.",
            "Nothing to do.";
        MediaChanged = "media-changed":
            "Bodies are sent under another JSON media type.",
            "The receiver does not look at `Content-Type`.";
        ParameterChanged = "parameter-changed":
            "Another header or parameter comes with deliveries.",
            "The receiver does not insist on it.";
        AnswerNew = "answer-new":
            "The provider knows one more answer.",
            "Today's receiver does not send it.";
        AnswerDropped = "answer-dropped":
            "An answer is no longer declared.",
            "Today's receiver may still send it; the provider takes it for any failure.";
    }
    Docs {
        Text = "text":
            "A description, summary or title changes.",
            "Nothing to do.";
        Example = "example":
            "An example changes.",
            "Nothing to do; `receiver send` sends the new one.";
        Deprecated = "deprecated":
            "Something is called deprecated, or no longer.",
            "It is sent as before. Plan for the day when it is not.";
        Metadata = "metadata":
            "Something changes that no receiver reads.",
            "Nothing to do.";
        SchemaUnused = "schema-unused":
            "A schema changes that no event reaches.",
            "No delivery is read by it; its Rust model changes.";
    }
}
