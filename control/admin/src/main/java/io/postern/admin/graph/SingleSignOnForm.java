package io.postern.admin.graph;

import io.postern.admin.service.Edit;
import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.publish.BackendSignOn;
import io.postern.domain.publish.BackendSignOn.Headers;
import io.postern.domain.publish.BackendSignOn.Kerberos;
import io.postern.domain.publish.BackendSignOn.LoginIdentity;
import io.postern.domain.publish.BackendSignOn.Mechanism;
import io.postern.domain.publish.BackendSignOn.None;
import io.postern.domain.publish.IdentityHeader;
import io.postern.domain.publish.PasswordSignOn;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.publish.SignOnSettings;
import io.postern.domain.signon.HeadersDocument;
import io.postern.web.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes `singleSignOnSettings` of `onPremisesPublishing` (7.1): how users are signed in at the backend.
final class SingleSignOnForm {
    private static final String KERBEROS = "kerberosSignOnSettings";
    private static final String SPN = "kerberosServicePrincipalName";
    private static final String IDENTITY = "kerberosSignOnMappingAttributeType";
    private static final String MECHANISM = "kerberosMechanism";
    private static final String IDENTITY_TOKEN = "identityToken";
    private static final String BACKEND = "backendToken";
    private static final String MUTUAL = "isMutualAuthenticationEnabled";

    private static final String HEADERS = "headerSignOnSettings";
    private static final TypeReference<Map<String, Object>> DOCUMENT = new TypeReference<>() {};

    private final Edit<Mode> mode;
    private final Optional<Headers> headers;
    private final boolean hasKerberos;
    private final Edit<String> spn;
    private final Edit<LoginIdentity> identity;
    private final Edit<Mechanism> mechanism;
    private final Edit<Boolean> mutual;
    private final Optional<PasswordSignOnForm> password;
    private final Edit<TokenForm> identityToken;
    private final Edit<String> backendToken;

    /// What may be asked for; the rest of the original's modes is named in the refusal.
    private enum Mode {
        NONE("none"),
        KERBEROS("onPremisesKerberos"),
        HEADERS("aadHeaderBased"),
        PASSWORD("password");

        private final String text;

        Mode(String text) {
            this.text = text;
        }
    }

    private record TokenForm(Edit<String> name, Edit<String> audience) {
        IdentityHeader applied(Optional<IdentityHeader> before) {
            return new IdentityHeader(
                    name.or(before.map(IdentityHeader::name).orElse(IdentityHeader.DEFAULT_NAME)),
                    audience.orKeep(before.flatMap(IdentityHeader::audience)));
        }
    }

    private SingleSignOnForm(JsonForm form) {
        mode = form.parsed("singleSignOnMode", SingleSignOnForm::mode);
        Optional<JsonForm> kerberos = form.objectOrNull(KERBEROS);
        hasKerberos = kerberos.isPresent();
        spn = kerberos.map(k -> k.text(SPN)).orElse(Edit.none());
        identity = kerberos.map(k -> k.parsed(IDENTITY, SingleSignOnForm::identity))
                .orElse(Edit.none());
        mechanism = kerberos.map(k -> k.parsed(MECHANISM, SingleSignOnForm::mechanism))
                .orElse(Edit.none());
        password = form.objectOrNull(PasswordSignOnForm.NAME).map(PasswordSignOnForm::new);
        identityToken = identityToken(form);
        backendToken = form.isNull(BACKEND)
                ? Edit.cleared()
                : form.objectOrNull(BACKEND).map(b -> b.text("scope")).orElse(Edit.none());
        mutual = kerberos.map(k -> k.flag(MUTUAL)).orElse(Edit.none());
        headers = headers(form);
    }

    /// The whole list, each header as a claim is written (docs/guide/header-sign-on.md).
    static Optional<Headers> headers(JsonForm form) {
        Optional<ObjectNode> document = form.isNull(HEADERS) ? Optional.empty() : form.document(HEADERS);
        try {
            return document.map(json -> HeadersDocument.read(Json.MAPPER.convertValue(json, DOCUMENT)));
        } catch (ClaimsFault e) {
            form.fault(HEADERS + (e.field().isEmpty() ? "" : "." + e.field()), e.field() + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            form.fault(HEADERS, String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    static UnaryOperator<PublishingSettings> read(JsonForm publishing) {
        Optional<SingleSignOnForm> form =
                publishing.objectOrNull("singleSignOnSettings").map(SingleSignOnForm::new);
        return form.<UnaryOperator<PublishingSettings>>map(f -> settings -> settings.with(f.applied(settings.signOn())))
                .orElse(UnaryOperator.identity());
    }

    private SignOnSettings applied(SignOnSettings before) {
        SignOnSettings signedOn = how(new SignOnSettings(before.how())); // what may go together is settled at the end
        return new SignOnSettings(
                signedOn.how(),
                identityToken
                        .map(token -> token.applied(before.identityHeader()))
                        .orKeep(before.identityHeader()),
                backendToken.orKeep(before.backendScope()));
    }

    private SignOnSettings how(SignOnSettings before) {
        Mode wanted = mode.or(mode(before.how().graphMode()));
        if (headers.isPresent() && wanted != Mode.HEADERS) {
            throw new IllegalArgumentException(HEADERS + " says what backends are told in headers, and singleSignOnMode"
                    + " is not aadHeaderBased; set that too, or leave " + HEADERS + " out");
        }
        if (wanted != Mode.PASSWORD && password.isPresent()) {
            throw new IllegalArgumentException(PasswordSignOnForm.NAME + " says how users are signed in by name and"
                    + " password, and singleSignOnMode is not password; set that too, or leave "
                    + PasswordSignOnForm.NAME + " out");
        }
        if (wanted == Mode.HEADERS && !hasKerberos) {
            return before.with(
                    headers.or(() -> before.how() instanceof Headers old ? Optional.of(old) : Optional.empty())
                            .orElseThrow(() -> new IllegalArgumentException(
                                    HEADERS + " is missing; say in 'headers' what the backend is to be told")));
        }
        if (wanted == Mode.KERBEROS) {
            return before.with(kerberos(before.how()));
        }
        if (hasKerberos) {
            throw new IllegalArgumentException(KERBEROS + " says how users are signed in by Kerberos, and"
                    + " singleSignOnMode is not onPremisesKerberos; set that too, or leave " + KERBEROS + " out");
        }
        if (wanted == Mode.PASSWORD) {
            return password.isPresent() || !(before.how() instanceof PasswordSignOn)
                    ? before.with(PasswordSignOnForm.applied(password, before.how()))
                    : before;
        }
        return mode.given() ? before.with(new None()) : before;
    }

    /// What is left out stays, or is the default where there was no Kerberos before.
    private Kerberos kerberos(BackendSignOn before) {
        Optional<Kerberos> old = before instanceof Kerberos kerberos ? Optional.of(kerberos) : Optional.empty();
        String name = spn.value()
                .or(() -> old.map(Kerberos::servicePrincipalName))
                .orElseThrow(() -> new IllegalArgumentException(SPN + " is missing; give the name by which the domain"
                        + " knows the backend, such as HTTP/app.corp.test"));
        return new Kerberos(
                name,
                identity.or(old.map(Kerberos::identity).orElse(LoginIdentity.USER_PRINCIPAL_NAME)),
                mechanism.or(old.map(Kerberos::mechanism).orElse(Mechanism.SPNEGO)),
                mutual.or(old.map(Kerberos::mutual).orElse(false)));
    }

    static void write(SignOnSettings settings, ObjectNode publishing) {
        ObjectNode json = publishing
                .putObject("singleSignOnSettings")
                .put("singleSignOnMode", settings.how().graphMode());
        tokens(settings, json);
        switch (settings.how()) {
            case None() -> json.putNull(KERBEROS).putNull(HEADERS);
            case Headers told ->
                json.putNull(KERBEROS).set(HEADERS, Json.MAPPER.valueToTree(HeadersDocument.write(told)));
            case PasswordSignOn how -> {
                json.putNull(KERBEROS).putNull(HEADERS);
                PasswordSignOnForm.write(how, json);
            }
            case Kerberos kerberos ->
                json.putNull(HEADERS)
                        .putObject(KERBEROS)
                        .put(SPN, kerberos.servicePrincipalName())
                        .put(IDENTITY, kerberos.identity().text())
                        .put(MECHANISM, kerberos.mechanism() == Mechanism.SPNEGO ? "spnego" : "kerberos")
                        .put(MUTUAL, kerberos.mutual());
        }
    }

    private static Edit<TokenForm> identityToken(JsonForm form) {
        if (form.isNull(IDENTITY_TOKEN)) {
            return Edit.cleared();
        }
        Optional<JsonForm> given = form.objectOrNull(IDENTITY_TOKEN);
        if (given.isEmpty()) {
            return Edit.none();
        }
        return Edit.to(new TokenForm(given.get().text("headerName"), given.get().clearable("audience")));
    }

    private static void tokens(SignOnSettings settings, ObjectNode json) {
        settings.identityHeader()
                .ifPresentOrElse(
                        header -> json.putObject(IDENTITY_TOKEN)
                                .put("headerName", header.name())
                                .put("audience", header.audience().orElse(null)),
                        () -> json.putNull(IDENTITY_TOKEN));
        settings.backendScope()
                .ifPresentOrElse(scope -> json.putObject(BACKEND).put("scope", scope), () -> json.putNull(BACKEND));
    }

    private static Mode mode(String value) {
        return Arrays.stream(Mode.values())
                .filter(mode -> mode.text.equals(value.equals("headerBased") ? Mode.HEADERS.text : value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("singleSignOnMode '" + value + "' "
                        + (List.of("saml", "linked", "oAuthToken").contains(value)
                                ? "is not the gateway's affair: set preferredSingleSignOnMode of the service principal"
                                : value.equals("pingHeaderBased")
                                        ? "needs a PingAccess server, which is not ours to drive: say in"
                                                + " headerSignOnSettings what the backend is to be told"
                                        : "is unknown")
                        + "; use none, onPremisesKerberos, aadHeaderBased or password"));
    }

    private static LoginIdentity identity(String value) {
        return LoginIdentity.of(value)
                .orElseThrow(() -> new IllegalArgumentException(IDENTITY + " '" + value + "' is unknown; use "
                        + Arrays.stream(LoginIdentity.values())
                                .map(LoginIdentity::text)
                                .collect(Collectors.joining(", "))));
    }

    private static Mechanism mechanism(String value) {
        return switch (value) {
            case "spnego" -> Mechanism.SPNEGO;
            case "kerberos" -> Mechanism.KERBEROS;
            default ->
                throw new IllegalArgumentException(
                        MECHANISM + " '" + value + "' is unknown; use spnego, or kerberos for a bare token (KCD-3)");
        };
    }
}
