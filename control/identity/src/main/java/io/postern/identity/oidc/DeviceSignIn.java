package io.postern.identity.oidc;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.AppId;
import io.postern.domain.ServiceAddress;
import io.postern.domain.SessionId;
import io.postern.identity.journal.SignInProtocol;
import io.postern.identity.journal.TokenId;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.signin.AddressThrottle;
import io.postern.identity.signin.Demand;
import io.postern.identity.signin.Errand;
import io.postern.identity.signin.Errands;
import io.postern.identity.signin.Protocol;
import io.postern.identity.signin.SignIn;
import io.postern.store.DeviceCodeStore;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Bodies;
import io.postern.web.Csrf;
import io.postern.web.DeviceCodePage;
import io.postern.web.DeviceConfirmPage;
import io.postern.web.MessagePage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The pages where a user types the code of a device, signs in, and says that the device is his (RFC 8628 §3.3). The
/// last page names the program and the address that it asked from: somebody may have sent him the code (§5.4).
final class DeviceSignIn implements Protocol {
    private static final String KIND = "device";
    private static final String CODE_FORM = "device-code";
    private static final String CONFIRM_FORM = "device-confirm";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Store store;
    private final RelyingParties parties;
    private final Consents consents;
    private final ConsentEndpoint speakers;
    private final BrowserSessions sessions;
    private final Errands errands;
    private final Pages pages;
    private final FaultWriter faults;
    private final Csrf csrf;
    private final Sealer sealer;
    private final AddressThrottle throttle;
    private final ServiceAddress address;
    private final Clock clock;

    DeviceSignIn(
            Store store,
            RelyingParties parties,
            Consents consents,
            ConsentEndpoint speakers,
            BrowserSessions sessions,
            Errands errands,
            Pages pages,
            FaultWriter faults,
            Csrf csrf,
            KeyRing ring,
            ServiceAddress address,
            Clock clock) {
        this.store = store;
        this.parties = parties;
        this.consents = consents;
        this.speakers = speakers;
        this.sessions = sessions;
        this.errands = errands;
        this.pages = pages;
        this.faults = faults;
        this.csrf = csrf;
        this.sealer = new Sealer(ring, "device-code");
        this.throttle = new AddressThrottle(clock);
        this.address = address;
        this.clock = clock;
    }

    /// A code whose user is to sign in.
    record Pending(
            Tenant tenant,
            DeviceCodeStore.Row code,
            DeviceAuthorization.Asked asked,
            RelyingParty party,
            Scopes scopes,
            String sealed)
            implements Errand {
        @Override
        public AppId client() {
            return party.application().appId();
        }

        @Override
        public String clientName() {
            return party.application().displayName();
        }

        @Override
        public String loginHint() {
            return "";
        }

        @Override
        public List<String> formTargets() {
            return List.of();
        }

        @Override
        public Demand demand() {
            return Demand.NOTHING;
        }

        @Override
        public List<AppId> uses() {
            return Stream.concat(Stream.of(party), scopes.resource().stream())
                    .map(p -> p.application().appId())
                    .filter(id -> !id.equals(RelyingParties.CONNECTOR_SIGN_IN)) // nobody is assigned to it
                    .distinct()
                    .toList();
        }

        @Override
        public SignInProtocol protocol() {
            return SignInProtocol.DEVICE_CODE;
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    /// `GET /device`.
    void ask(ServerRequest request, ServerResponse response) {
        String code = Parameters.parse(request.query().rawValue()).oneOrEmpty("user_code");
        ask(request, response, 200, code.length() > 20 ? "" : code, "");
    }

    private void ask(ServerRequest request, ServerResponse response, int status, String code, String error) {
        pages.send(
                response, status, new DeviceCodePage("/device", csrf.token(request, response, CODE_FORM), code, error));
    }

    /// `POST /device`: wrong codes count per address, so nobody tries them all.
    void typed(ServerRequest request, ServerResponse response, SignIn signIn) {
        Parameters form = Bodies.form(request);
        String typed = form.oneOrEmpty("user_code");
        if (!csrf.accepts(request, CODE_FORM, form)) {
            ask(request, response, 400, "", pages.texts().of("device.late"));
            return;
        }
        String client = RequestFacts.of(request).clientAddress();
        if (!throttle.enter(client)) {
            ask(request, response, 429, typed, pages.texts().of("device.busy"));
            return;
        }
        String plain = typed.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "");
        Optional<DeviceCodeStore.Row> row = store.read(s -> s.deviceCodes().findByUserCode(plain, clock.instant()));
        Optional<Pending> pending = row.flatMap(found -> pending(request, found));
        if (pending.isEmpty()) {
            ask(request, response, 400, typed, pages.texts().of("device.wrong"));
            return;
        }
        throttle.succeeded(client);
        signIn.begin(request, response, this, pending.get());
    }

    private Optional<Pending> pending(ServerRequest request, DeviceCodeStore.Row row) {
        var asked = DeviceAuthorization.Asked.parse(row.payload());
        return store.read(s -> s.tenants().find(row.tenant()))
                .flatMap(tenant -> parties.find(tenant, row.appId())
                        .filter(party -> party.principal().accountEnabled())
                        .flatMap(party -> Scopes.read(asked.scope(), tenant, party, parties, address)
                                        instanceof Scopes.Reading.Read(Scopes scopes)
                                ? Optional.of(new Pending(
                                        tenant,
                                        row,
                                        asked,
                                        party,
                                        scopes,
                                        errands.seal(request, tenant.id(), KIND, row.deviceHash())))
                                : Optional.empty()));
    }

    @Override
    public Optional<Pending> reopen(ServerRequest request, ServerResponse response, Tenant tenant, String text) {
        Optional<Pending> pending = store.read(s -> s.deviceCodes().find(text))
                .filter(row -> row.tenant().equals(tenant.id())
                        && row.state() == DeviceCodeStore.State.WAITING
                        && clock.instant().isBefore(row.expires()))
                .flatMap(row -> pending(request, row));
        if (pending.isEmpty()) {
            ask(request, response, 400, "", pages.texts().of("device.wrong"));
        }
        return pending;
    }

    @Override
    public void refuse(ServerRequest request, ServerResponse response, Errand errand, Fault fault) {
        faults.page(request, response, fault);
    }

    @Override
    public Optional<Fault> objection(Errand errand, BrowserSessions.Current current) {
        return beyondHim((Pending) errand, current)
                ? Optional.of(Fault.adminConsentNeeded(errand.clientName()))
                : Optional.empty();
    }

    /// Only an administrator may allow what the program wants.
    private boolean beyondHim(Pending pending, BrowserSessions.Current current) {
        return consents.missing(pending.party(), current.user(), pending.scopes())
                        .administratorOnly()
                && !speakers.maySpeakForEverybody(current.user());
    }

    /// The user is known: is the device his?
    @Override
    public void complete(
            ServerRequest request, ServerResponse response, Errand errand, BrowserSessions.Current current) {
        Pending pending = (Pending) errand;
        Consents.Missing missing = consents.missing(pending.party(), current.user(), pending.scopes());
        String plain = pending.code().deviceHash() + " " + current.session().id() + " " + TokenId.of(request);
        pages.send(
                response,
                200,
                new DeviceConfirmPage(
                        "/" + pending.tenant().name() + "/device",
                        csrf.token(request, response, CONFIRM_FORM),
                        sealer.seal(
                                plain.getBytes(StandardCharsets.UTF_8),
                                pending.tenant().id().value()),
                        pending.clientName(),
                        current.user().userPrincipalName(),
                        pending.asked().address(),
                        TIME.format(pending.asked().time()),
                        PermissionWords.of(missing, pending.scopes(), pages.texts()),
                        store.read(s -> s.tenants().settings(pending.tenant().id()))
                                .branding()));
    }

    /// `POST /{tenant}/device`: the user's word.
    void confirmed(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters form = Bodies.form(request);
        Optional<String[]> opened = sealer.open(
                        form.oneOrEmpty("request"), tenant.id().value())
                .map(plain -> new String(plain, StandardCharsets.UTF_8).split(" ", 3));
        Optional<BrowserSessions.Current> current = sessions.current(request, tenant.id());
        if (!csrf.accepts(request, CONFIRM_FORM, form)
                || opened.isEmpty()
                || current.isEmpty()
                || !current.get().session().id().equals(new SessionId(opened.get()[1]))) {
            ask(request, response, 400, "", pages.texts().of("device.late"));
            return;
        }
        Optional<Pending> pending = reopen(request, response, tenant, opened.get()[0]);
        if (pending.isPresent()) {
            decide(
                    request,
                    response,
                    pending.get(),
                    current.get(),
                    opened.get()[2],
                    form.oneOrEmpty("answer").equals("allow"));
        }
    }

    private void decide(
            ServerRequest request,
            ServerResponse response,
            Pending pending,
            BrowserSessions.Current current,
            String tokenId,
            boolean allowed) {
        Consents.Missing missing = consents.missing(pending.party(), current.user(), pending.scopes());
        if (allowed && beyondHim(pending, current)) {
            faults.page(request, response, Fault.adminConsentNeeded(pending.clientName()));
            return;
        }
        var grant = new UserGrant(
                pending.tenant().id(),
                pending.party().appId(),
                current.user().id(),
                current.session().id(),
                current.session().authenticated(),
                current.session().methods(),
                current.session().mfa(),
                pending.scopes().granted(),
                pending.scopes().audience());
        if (allowed && !missing.isNothing()) {
            consents.allow(
                    pending.party(),
                    current.user(),
                    false,
                    missing,
                    Optional.of(RequestFacts.of(request).clientAddress()));
        }
        boolean decided = store.write(s -> s.deviceCodes()
                .decide(
                        pending.code().deviceHash(),
                        allowed ? DeviceCodeStore.State.ALLOWED : DeviceCodeStore.State.DECLINED,
                        allowed ? Optional.of(new DeviceAnswer(grant, tokenId).toJson()) : Optional.empty(),
                        clock.instant()));
        if (!decided) {
            ask(request, response, 400, "", pages.texts().of("device.wrong"));
            return;
        }
        String outcome = allowed ? "device.done" : "device.declined";
        pages.send(
                response,
                200,
                MessagePage.done(
                        pages.texts().of(outcome + ".heading"), pages.texts().of(outcome + ".text"), Optional.empty()));
    }
}
