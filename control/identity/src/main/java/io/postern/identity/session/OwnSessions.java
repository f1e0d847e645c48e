package io.postern.identity.session;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.Sessions;
import io.postern.domain.directory.Attributes;
import io.postern.identity.protocol.Portals;
import io.postern.store.AuditEntry;
import io.postern.store.LogField;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.store.LogQuery.Condition;
import io.postern.store.RefreshFamily;
import io.postern.store.SessionStore;
import io.postern.store.SignIn;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.web.Bodies;
import io.postern.web.Csrf;
import io.postern.web.Json;
import io.postern.web.Languages;
import io.postern.web.MessagePage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import io.postern.web.SessionsPage;
import io.postern.web.Texts;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// `/{tenant}/sessions`: where a user is signed in, by browser and by program, and how he ends what he does not
/// know. A session suffices for it: to end a session is never a danger.
public final class OwnSessions {
    private static final String FORM = "sessions";
    private static final int ATTEMPTS = 20;
    /// Numbers of entries that tell of a question on the way: second factor, its registration, new password,
    /// staying.
    private static final Set<Integer> INTERRUPTS = Set.of(50055, 50072, 50074, 50140);

    /// @param last used
    private record Entry(String id, String name, String address, Instant since, Instant last) {}

    private final Store store;
    private final BrowserSessions sessions;
    private final Pages pages;
    private final Csrf csrf;
    private final Clock clock;
    private final Disowning disowning;
    private final Portals portals;

    public OwnSessions(Store store, BrowserSessions sessions, Pages pages, Csrf csrf, Portals portals, Clock clock) {
        this.store = store;
        this.sessions = sessions;
        this.pages = pages;
        this.csrf = csrf;
        this.clock = clock;
        this.portals = portals;
        this.disowning = new Disowning(store, clock);
    }

    public void show(ServerRequest request, ServerResponse response, Tenant tenant) {
        sessions.current(request, tenant.id())
                .ifPresentOrElse(
                        current -> page(request, response, tenant, current, 0), () -> toSignIn(response, tenant));
    }

    public void end(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters form = Bodies.form(request);
        Optional<BrowserSessions.Current> current = sessions.current(request, tenant.id());
        if (current.isEmpty() || !form.repeated().isEmpty() || !csrf.accepts(request, FORM, form)) {
            toSignIn(response, tenant);
            return;
        }
        Optional<String> disowned = form.one("disown");
        if (disowned.isPresent()) {
            Languages.preferred(
                    current.get().user().attributes().first(Attributes.PREFERRED_LANGUAGE),
                    () -> disown(request, response, tenant, current.get(), disowned.get()));
            return;
        }
        String wanted = form.oneOrEmpty("session");
        int ended = store.write(s -> end(s, request, current.get(), wanted));
        page(request, response, tenant, current.get(), ended);
    }

    /// He is signed out here too; what comes next is a sign-in, which asks for his second factor and a new
    /// password.
    private void disown(
            ServerRequest request,
            ServerResponse response,
            Tenant tenant,
            BrowserSessions.Current current,
            String signIn) {
        Optional<User> after = disowning.disown(RequestFacts.of(request), current.user(), signIn);
        if (after.isEmpty()) {
            toSignIn(response, tenant);
            return;
        }
        Texts texts = pages.texts();
        String key = after.get().forceChangePassword() ? "disown.done.text" : "disown.done.elsewhere";
        pages.send(
                response,
                200,
                MessagePage.done(
                        texts.of("disown.done.heading"),
                        texts.of(key),
                        Optional.of(new MessagePage.Link(
                                texts.of("disown.done.link"), "/" + tenant.name() + "/security-info"))));
    }

    /// @param wanted id of a session of the user, or `others` for all but the one that asks
    private int end(Stores s, ServerRequest request, BrowserSessions.Current current, String wanted) {
        User user = current.user();
        Instant now = clock.instant();
        boolean all = wanted.equals("others");
        int ended = 0;
        for (SessionStore.Row row : s.sessions().of(user.tenant(), user.id())) {
            boolean own = row.id().equals(current.session().id());
            if (!own && (all || row.id().value().equals(wanted))) {
                Sessions.end(s, row, now, "ended by the user");
                ended++;
            }
        }
        for (RefreshFamily family : s.refreshFamilies().ofUser(user.tenant(), user.id(), now)) {
            boolean own = family.session().equals(current.session().id());
            if (all ? !own : family.id().value().equals(wanted)) {
                Sessions.end(s, family, now, "ended by the user");
                ended++;
            }
        }
        if (ended > 0) {
            RequestFacts facts = RequestFacts.of(request);
            s.audit()
                    .append(AuditEntry.of(
                                    user.tenant(),
                                    now,
                                    "End sign-in session",
                                    "UserManagement",
                                    new AuditEntry.Initiator(
                                            user.id().value(),
                                            user.userPrincipalName(),
                                            true,
                                            user.displayName(),
                                            Optional.of(facts.clientAddress())),
                                    new AuditEntry.Target("User", user.id().value(), user.userPrincipalName()))
                            .in(facts.exchange())
                            .with(Map.of("sessions", Integer.toString(ended))));
        }
        return ended;
    }

    private void page(
            ServerRequest request, ServerResponse response, Tenant tenant, BrowserSessions.Current current, int ended) {
        Languages.preferred(
                current.user().attributes().first(Attributes.PREFERRED_LANGUAGE),
                () -> pages.send(response, 200, shown(request, response, tenant, current, ended)));
    }

    private SessionsPage shown(
            ServerRequest request, ServerResponse response, Tenant tenant, BrowserSessions.Current current, int ended) {
        User user = current.user();
        return new SessionsPage(
                "/" + tenant.name() + "/sessions",
                csrf.token(request, response, FORM),
                user.userPrincipalName(),
                entries(user).stream()
                        .map(e -> new SessionsPage.Held(
                                e.id(),
                                e.name(),
                                facts(e),
                                e.id().equals(current.session().id().value())))
                        .toList(),
                attempts(user),
                ended == 0 ? "" : pages.texts().of("sessions.done", ended),
                portals.of(tenant));
    }

    /// What the log says of the user's own sign-ins, but for questions in between.
    private List<SessionsPage.Attempt> attempts(User user) {
        var query = new LogQuery(
                List.of(
                        Condition.equal(LogField.USER_ID, user.id().value()),
                        Condition.equal(LogField.KIND, SignIn.Kind.INTERACTIVE_USER.text())),
                OptionalLong.empty(),
                true,
                4 * ATTEMPTS); // three questions in between at most
        return store.read(s -> s.logs().find(user.tenant(), LogKind.SIGN_IN, query)).stream()
                .map(entry -> Json.MAPPER.readTree(entry.text()))
                .filter(entry ->
                        !INTERRUPTS.contains(entry.at("/status/errorCode").asInt()))
                .limit(ATTEMPTS)
                .map(this::attempt)
                .toList();
    }

    private SessionsPage.Attempt attempt(JsonNode entry) {
        Texts texts = pages.texts();
        boolean failed = entry.at("/status/errorCode").asInt() != 0;
        String application = entry.path("appDisplayName").asString("");
        String facts = Stream.of(
                        time(Instant.parse(entry.path("createdDateTime").asString())),
                        entry.path("ipAddress").asString(""),
                        entry.at("/deviceDetail/browser").asString(""),
                        entry.at("/deviceDetail/operatingSystem").asString(""))
                .filter(fact -> !fact.isEmpty())
                .collect(Collectors.joining(", "));
        return new SessionsPage.Attempt(
                application.isEmpty() ? texts.of("sessions.recent.nowhere") : application,
                failed ? entry.at("/status/failureReason").asString("") : texts.of("sessions.recent.ok"),
                failed,
                facts,
                failed ? "" : entry.path("id").asString(""));
    }

    private List<Entry> entries(User user) {
        Instant now = clock.instant();
        return store.read(s -> {
            var entries = new ArrayList<Entry>();
            for (SessionStore.Row row : s.sessions().of(user.tenant(), user.id())) {
                if (now.isBefore(row.expires())) {
                    String name = row.device().isEmpty() ? pages.texts().of("sessions.unknown") : row.device();
                    entries.add(new Entry(row.id().value(), name, row.address(), row.authenticated(), row.lastUsed()));
                }
            }
            for (RefreshFamily family : s.refreshFamilies().ofUser(user.tenant(), user.id(), now)) {
                String name = s.applications().list(user.tenant()).stream()
                        .filter(a -> a.appId().value().equals(family.appId()))
                        .map(a -> a.displayName())
                        .findFirst()
                        .orElse(pages.texts().of("sessions.unknown"));
                entries.add(new Entry(family.id().value(), name, "", family.created(), family.rotated()));
            }
            entries.sort(Comparator.comparing(Entry::last).reversed());
            return entries;
        });
    }

    private String facts(Entry entry) {
        String times = pages.texts().of("sessions.times", time(entry.since()), time(entry.last()));
        return entry.address().isEmpty() ? times : entry.address() + ", " + times;
    }

    private String time(Instant at) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                        .withLocale(Locale.of(pages.texts().language()))
                        .withZone(ZoneOffset.UTC)
                        .format(at)
                + " UTC";
    }

    private static void toSignIn(ServerResponse response, Tenant tenant) {
        response.status(Status.SEE_OTHER_303)
                .header(HeaderNames.LOCATION, "/" + tenant.name() + "/security-info")
                .send();
    }
}
