package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.account.Invitations;
import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Edit;
import io.postern.admin.service.GuestAccess;
import io.postern.admin.service.GuestDraft;
import io.postern.admin.service.GuestPolicies;
import io.postern.admin.service.GuestServices;
import io.postern.admin.service.Guests;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.Attributes;
import io.postern.domain.guest.GuestAddress;
import io.postern.domain.guest.GuestPolicy;
import io.postern.store.Guest;
import io.postern.store.User;
import io.postern.web.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// `invitations`, `users/{id}/sponsors` and `policies/authorizationPolicy` as Graph has them; `guests` is
/// ours: until when they have access, and who of them still comes.
final class GuestsResource {
    private static final String END = "accessEndDateTime";

    private final GuestServices guests;
    private final Shapes shapes;

    GuestsResource(GuestServices guests, Shapes shapes) {
        this.guests = guests;
        this.shapes = shapes;
    }

    List<Route> routes() {
        String sponsors = "/users/{id}/sponsors";
        String policy = "/policies/authorizationPolicy";
        return List.of(
                // whom the policy lets invite may be anybody: the handling asks it
                Route.change(Action.OWN, Verb.POST, "/invitations", this::invite)
                        .or(Action.GUESTS_INVITE)
                        .or(Action.USERS_WRITE),
                Route.list(Action.DIRECTORY_READ, "/guests", this::list),
                Route.get(Action.DIRECTORY_READ, "/guests/{id}", this::get),
                Route.change(Action.USERS_WRITE, Verb.PATCH, "/guests/{id}", this::extend),
                Route.list(Action.DIRECTORY_READ, sponsors, this::sponsors),
                Route.change(Action.USERS_WRITE, Verb.POST, sponsors + "/$ref", this::addSponsor),
                Route.change(Action.USERS_WRITE, Verb.DELETE, sponsors + "/{sponsorId}/$ref", this::removeSponsor),
                Route.get(
                        Action.DIRECTORY_READ,
                        policy,
                        call -> Reply.ok(policy(guests.policies().of(call.tenant())))),
                Route.change(Action.TENANT_WRITE, Verb.PATCH, policy, this::setPolicy));
    }

    private Reply invite(Call call) {
        expectDone(guests.guests().permitted(call.actor()));
        JsonForm form = call.form();
        Optional<GuestAddress> address =
                form.parsed("invitedUserEmailAddress", GuestsResource::address).value();
        if (address.isEmpty() && !form.has("invitedUserEmailAddress")) {
            form.fault(
                    "invitedUserEmailAddress", "invitedUserEmailAddress is missing; it is where the guest gets mail");
        }
        Edit<String> name = form.text("invitedUserDisplayName");
        Edit<String> redirect = form.text("inviteRedirectUrl");
        boolean send = form.flag("sendInvitationMessage").or(true);
        form.only("invitedUserType", StringNode.valueOf(Attributes.GUEST));
        Optional<JsonForm> message = form.object("invitedUserMessageInfo");
        Edit<String> language = message.map(info -> info.parsed("messageLanguage", GuestsResource::language))
                .orElse(Edit.none());
        String words =
                message.map(info -> info.text("customizedMessageBody").or("")).orElse("");
        boolean reset = form.flag("resetRedemption").or(false);
        Edit<Instant> ends = form.parsed(END, Times::parse);
        List<UserId> sponsors = sponsors(form);
        form.finish();
        Guests.Invited invited = expectDone(guests.guests()
                .invite(
                        call.actor(),
                        new GuestDraft(
                                address.orElseThrow(),
                                name.value(),
                                redirect.value(),
                                send,
                                language.value(),
                                words,
                                ends.value(),
                                sponsors,
                                reset)));
        return Reply.created(invitation(invited, send));
    }

    private ObjectNode invitation(Guests.Invited invited, boolean send) {
        User user = invited.user();
        Guest guest = invited.guest();
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("id", user.id().value())
                .put("invitedUserDisplayName", user.displayName())
                .put("invitedUserEmailAddress", guest.address().value())
                .put("invitedUserType", Attributes.GUEST)
                .put("inviteRedirectUrl", guest.redirect())
                .put("sendInvitationMessage", send)
                .put("inviteRedeemUrl", invited.url().orElse(null))
                .put(
                        "inviteExpirationDateTime",
                        guest.link().map(link -> link.expires().toString()).orElse(null))
                .put("status", Invitations.isAccepted(user) ? "Completed" : Attributes.PENDING)
                .put(END, guest.accessEnds().map(Instant::toString).orElse(null));
        json.putObject("invitedUser").put("id", user.id().value()).put("userPrincipalName", user.userPrincipalName());
        return json;
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                guests.access().list(call.tenant()),
                seen -> seen.user().userPrincipalName(),
                Map.of(
                        Attributes.EXTERNAL_STATE,
                        seen -> seen.user()
                                .attributes()
                                .first(Attributes.EXTERNAL_STATE)
                                .orElse(""),
                        "userPrincipalName",
                        seen -> seen.user().userPrincipalName(),
                        "mail",
                        seen -> seen.user().mail().orElse("")),
                this::guest);
    }

    private Reply get(Call call) {
        return Reply.ok(guest(expectDone(guests.access().find(call.tenant(), user(call)))));
    }

    private Reply extend(Call call) {
        UserId user = user(call);
        JsonForm form = call.form();
        boolean never = form.isNull(END);
        Edit<Instant> ends = never ? Edit.none() : form.parsed(END, Times::parse);
        if (!never && !form.has(END)) {
            form.fault(END, END + " is missing; null lets him stay until somebody ends it");
        }
        form.finish();
        expectDone(guests.access().extend(call.actor(), user, ends.value()));
        return Reply.NO_CONTENT;
    }

    private ObjectNode guest(GuestAccess.Seen seen) {
        ObjectNode json = shapes.user(seen.user());
        Optional<Guest> guest = seen.guest();
        json.put("invitedUserEmailAddress", guest.map(g -> g.address().value()).orElse(null))
                .put("invitedBy", guest.map(Guest::invitedBy).orElse(null))
                .put("inviteRedirectUrl", guest.map(Guest::redirect).orElse(null))
                .put("invitedDateTime", guest.map(g -> g.created().toString()).orElse(null))
                .put(
                        "inviteExpirationDateTime",
                        guest.flatMap(Guest::link)
                                .map(link -> link.expires().toString())
                                .orElse(null))
                .put(
                        END,
                        guest.flatMap(Guest::accessEnds).map(Instant::toString).orElse(null));
        json.putObject("signInActivity")
                .put(
                        "lastSuccessfulSignInDateTime",
                        seen.lastSignIn().map(Instant::toString).orElse(null));
        ArrayNode sponsors = json.putArray("sponsors");
        seen.sponsors()
                .forEach(sponsor -> sponsors.addObject()
                        .put("id", sponsor.id().value())
                        .put("displayName", sponsor.displayName())
                        .put("userPrincipalName", sponsor.userPrincipalName()));
        return json;
    }

    private Reply sponsors(Call call) {
        return Paging.page(
                call,
                expectDone(guests.sponsors().of(call.tenant(), user(call))),
                User::userPrincipalName,
                Map.of("displayName", User::displayName, "userPrincipalName", User::userPrincipalName),
                shapes::user);
    }

    private Reply addSponsor(Call call) {
        UserId user = user(call);
        UserId sponsor = References.read(call.form(), References.USERS, UserId::new);
        expectDone(guests.sponsors().add(call.actor(), user, sponsor));
        return Reply.NO_CONTENT;
    }

    private Reply removeSponsor(Call call) {
        UserId sponsor = call.id("sponsorId", "user", UserId::new);
        expectDone(guests.sponsors().remove(call.actor(), user(call), sponsor));
        return Reply.NO_CONTENT;
    }

    private Reply setPolicy(Call call) {
        JsonForm form = call.form();
        Edit<GuestPolicy.Inviters> inviters = form.parsed("allowInvitesFrom", GuestPolicy.Inviters::parse);
        Edit<List<String>> allowed = form.texts("allowedDomains");
        Edit<List<String>> blocked = form.texts("blockedDomains");
        Edit<Integer> invitationDays = form.number("invitationDays");
        Edit<Integer> accessDays = form.number("accessDays");
        form.finish();
        GuestPolicy set = expectDone(guests.policies()
                .set(call.actor(), new GuestPolicies.Draft(inviters, allowed, blocked, invitationDays, accessDays)));
        return call.wantsResult() ? Reply.ok(policy(set)) : Reply.NO_CONTENT;
    }

    private static ObjectNode policy(GuestPolicy policy) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("allowInvitesFrom", policy.inviters().text());
        policy.allowed().forEach(json.putArray("allowedDomains")::add);
        policy.blocked().forEach(json.putArray("blockedDomains")::add);
        json.put("invitationDays", policy.invitationDays());
        policy.accessDays().ifPresentOrElse(days -> json.put("accessDays", days), () -> json.putNull("accessDays"));
        return json;
    }

    private static List<UserId> sponsors(JsonForm form) {
        var ids = new ArrayList<UserId>();
        for (String id : form.texts("sponsors").or(List.of())) {
            try {
                ids.add(new UserId(id));
            } catch (IllegalArgumentException e) {
                form.fault("sponsors", "sponsors holds '" + id + "', which is no id of a user");
            }
        }
        return ids;
    }

    private static GuestAddress address(String text) {
        return GuestAddress.read(text).orElseGet(() -> new GuestAddress(text));
    }

    private static String language(String text) {
        return Attributes.NONE
                .with(Attributes.PREFERRED_LANGUAGE, Optional.of(text))
                .first(Attributes.PREFERRED_LANGUAGE)
                .orElseThrow();
    }

    private static UserId user(Call call) {
        return call.id("id", "guest", UserId::new);
    }
}
