package io.postern.identity.session;

import io.postern.account.Accounts;
import io.postern.store.Alert;
import io.postern.store.AuditEntry;
import io.postern.store.LogEntry;
import io.postern.store.LogField;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.store.LogQuery.Condition;
import io.postern.store.SignIn;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.User;
import io.postern.web.Json;
import io.postern.web.RequestFacts;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A user says of a sign-in of his that it was somebody else (WNM-1): everything that was proved so far is void at
/// once, the password is to be changed, and administrators are told. All of it or nothing.
final class Disowning {
    private static final int ONE = 1;

    private final Store store;
    private final Clock clock;

    Disowning(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// @param id of a sign-in
    /// @return the user as he is then; empty where no sign-in of this user that succeeded has the id
    Optional<User> disown(RequestFacts facts, User user, String id) {
        // tokens carry their time in seconds, and what is proved right after this must count
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return store.write(s -> signIn(s, user, id)
                .flatMap(entry -> s.users()
                        .find(user.tenant(), user.id())
                        .filter(User::accountEnabled)
                        .map(found -> disown(s, facts, found, entry, now))));
    }

    private static User disown(Stores s, RequestFacts facts, User user, JsonNode entry, Instant now) {
        if (user.passwordHash().isPresent()) {
            s.users().update(user.withPasswordToChange());
        }
        Accounts.voidProofs(s, user.tenant(), user.id(), now);
        String id = entry.path("id").asString();
        String application = entry.path("appDisplayName").asString("");
        String happened = entry.path("createdDateTime").asString("");
        String address = entry.path("ipAddress").asString("");
        s.audit()
                .append(AuditEntry.of(
                                user.tenant(),
                                now,
                                "Report sign-in as somebody else's",
                                "UserManagement",
                                new AuditEntry.Initiator(
                                        user.id().value(),
                                        user.userPrincipalName(),
                                        true,
                                        user.displayName(),
                                        Optional.of(facts.clientAddress())),
                                new AuditEntry.Target("User", user.id().value(), user.userPrincipalName()))
                        .in(facts.exchange())
                        .with(Map.of(
                                "signInId", id,
                                "signInDateTime", happened,
                                "signInAddress", address,
                                "appDisplayName", application)));
        s.alerts()
                .put(
                        Alert.of(
                                user.tenant(),
                                Alert.DISOWNED,
                                Alert.DISOWNED + ":" + id,
                                now,
                                user.userPrincipalName(),
                                happened,
                                address,
                                device(entry),
                                application.isEmpty() ? "-" : application),
                        false);
        return s.users().find(user.tenant(), user.id()).orElse(user);
    }

    private static Optional<JsonNode> signIn(Stores s, User user, String id) {
        var query = new LogQuery(
                List.of(
                        Condition.equal(LogField.ID, id),
                        Condition.equal(LogField.USER_ID, user.id().value()),
                        Condition.equal(LogField.KIND, SignIn.Kind.INTERACTIVE_USER.text())),
                OptionalLong.empty(),
                true,
                ONE);
        return s.logs().find(user.tenant(), LogKind.SIGN_IN, query).stream()
                .map(LogEntry::text)
                .map(Json.MAPPER::readTree)
                .filter(Disowning::succeeded)
                .findFirst();
    }

    /// Where nobody came in there is nothing to take back.
    static boolean succeeded(JsonNode entry) {
        return entry.at("/status/errorCode").asInt(-1) == 0;
    }

    private static String device(JsonNode entry) {
        String device = Stream.of("/deviceDetail/browser", "/deviceDetail/operatingSystem")
                .map(path -> entry.at(path).asString(""))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        return device.isEmpty() ? "-" : device;
    }
}
