package io.postern.identity.oidc;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.protocol.Opaque;
import io.postern.identity.signin.AddressThrottle;
import io.postern.store.DeviceCodeStore;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.web.BadRequest;
import io.postern.web.Bodies;
import io.postern.web.Json;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `POST /{tenant}/oauth2/v2.0/devicecode` (RFC 8628 §3.1): a program without a browser gets a code for its user.
/// One address gets as many in a minute as [AddressThrottle] lets it.
final class DeviceAuthorization {
    static final Duration LIFETIME = Duration.ofMinutes(15);
    static final Duration INTERVAL = Duration.ofSeconds(5);

    /// In a minute. Anybody knows the id of some public client, and each code lies in the store for an hour or so.
    static final int CODES_OF_TENANT_MAX = 1_000;

    // consonants: nobody reads a word into them, or mistakes one for a digit (RFC 8628 §6.1); 20^8 codes
    private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
    private static final int CODE_LENGTH = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// What the program asked for.
    ///
    /// @param address where it asked from
    record Asked(String scope, String address, Instant time, boolean proved) {
        String toJson() {
            return Json.MAPPER
                    .createObjectNode()
                    .put("scope", scope)
                    .put("address", address)
                    .put("time", time.getEpochSecond())
                    .put("proved", proved)
                    .toString();
        }

        static Asked parse(String text) {
            var json = Json.MAPPER.readTree(text);
            return new Asked(
                    json.path("scope").asString(),
                    json.path("address").asString(),
                    Instant.ofEpochSecond(json.path("time").asLong()),
                    json.path("proved").asBoolean());
        }
    }

    private final Store store;
    private final ClientAuthentication clients;
    private final RelyingParties parties;
    private final Endings endings;
    private final FaultWriter faults;
    private final ServiceAddress address;
    private final Clock clock;
    private final AddressThrottle ofAddress;
    private final AddressThrottle ofTenant;

    DeviceAuthorization(
            Store store,
            ClientAuthentication clients,
            RelyingParties parties,
            Endings endings,
            FaultWriter faults,
            ServiceAddress address,
            Clock clock) {
        this.store = store;
        this.clients = clients;
        this.parties = parties;
        this.endings = endings;
        this.faults = faults;
        this.address = address;
        this.clock = clock;
        this.ofAddress = new AddressThrottle(clock);
        this.ofTenant = new AddressThrottle(clock, CODES_OF_TENANT_MAX);
    }

    void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        Parameters form;
        try {
            form = Bodies.form(request);
        } catch (BadRequest e) {
            faults.json(request, response, new Fault("invalid_request", 90014, e.status(), e.getMessage() + "."));
            return;
        }
        if (!form.repeated().isEmpty()) {
            faults.json(request, response, Fault.repeated(form.repeated()));
            return;
        }
        switch (clients.authenticate(request, tenant, form)) {
            case ClientAuthentication.Result.Refused(Fault fault) -> faults.json(request, response, fault);
            case ClientAuthentication.Result.Known(RelyingParty client, boolean proved) -> {
                if (!proved && !client.mayBePublic()) {
                    faults.json(request, response, Fault.secretNeeded());
                    return;
                }
                String scope = form.oneOrEmpty("scope");
                switch (Scopes.read(scope, tenant, client, parties, address)) {
                    case Scopes.Reading.Refused(Fault fault) -> faults.json(request, response, fault);
                    case Scopes.Reading.Read(Scopes scopes)
                    when isBeyond(client, scopes) -> faults.json(request, response, Fault.scope(scope));
                    case Scopes.Reading.Read read -> {
                        String from = RequestFacts.of(request).clientAddress();
                        if (ofAddress.enter(from) && ofTenant.enter(tenant.id().value())) {
                            var asked = new Asked(scope, from, clock.instant(), proved);
                            Json.send(response, 200, issue(tenant, client, asked));
                        } else {
                            Fault fault = Fault.tooManyDeviceCodes();
                            endings.noCode(request, tenant, client, fault);
                            response.header(HeaderNames.RETRY_AFTER, Long.toString(AddressThrottle.WINDOW.toSeconds()));
                            faults.json(request, response, fault);
                        }
                    }
                }
            }
        }
    }

    /// Everybody knows the connector's program and nobody is asked for his consent to it: it gets to our API alone, and
    /// does not stay there.
    private boolean isBeyond(RelyingParty client, Scopes scopes) {
        return client.appId().equals(RelyingParties.CONNECTOR_SIGN_IN.value())
                && (!scopes.audience().equals(address.apiAudience())
                        || scopes.granted().contains(Scopes.OFFLINE));
    }

    private ObjectNode issue(Tenant tenant, RelyingParty client, Asked asked) {
        String deviceCode = Opaque.random();
        String userCode;
        do {
            userCode = userCode();
        } while (!insert(tenant, client, asked, deviceCode, userCode));
        String shown = userCode.substring(0, CODE_LENGTH / 2) + "-" + userCode.substring(CODE_LENGTH / 2);
        String uri = address.origin(OwnHost.LOGIN) + "/device";
        return Json.MAPPER
                .createObjectNode()
                .put("device_code", deviceCode)
                .put("user_code", shown)
                .put("verification_uri", uri)
                .put("verification_uri_complete", uri + "?user_code=" + shown)
                .put("expires_in", LIFETIME.toSeconds())
                .put("interval", INTERVAL.toSeconds())
                .put("message", "To sign in, open " + uri + " in a browser and enter the code " + shown + ".");
    }

    private boolean insert(Tenant tenant, RelyingParty client, Asked asked, String deviceCode, String userCode) {
        var row = new DeviceCodeStore.Row(
                Opaque.hash(deviceCode),
                userCode,
                tenant.id(),
                client.appId(),
                asked.toJson(),
                DeviceCodeStore.State.WAITING,
                Optional.empty(),
                INTERVAL,
                Optional.empty(),
                clock.instant().plus(LIFETIME));
        return store.write(s -> s.deviceCodes().insert(row));
    }

    private static String userCode() {
        var code = new StringBuilder();
        for (int i = 0; i < CODE_LENGTH; i++) {
            code.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return code.toString();
    }
}
