package io.postern.identity.signin;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.desktop.DesktopTicket;
import io.postern.account.desktop.Keytab;
import io.postern.base.AddressBlock;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.session.Proof;
import io.postern.store.DesktopSignIn;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.store.UserStore;
import io.postern.token.Sealer;
import io.postern.web.RequestFacts;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Signs in by the ticket of a computer in the domain (RFC 4559), where the tenant wants it and the browser is
/// in one of
/// its networks. The page that asks for a ticket is the sign-in form itself: a browser that has none shows it, and
/// nobody sees that anything was asked.
final class DesktopStep {
    private static final HeaderName CHALLENGE = HeaderNames.WWW_AUTHENTICATE;
    private static final String SCHEME = "Negotiate";
    private static final int REFUSED = 81004;
    private static final int UNREADABLE = 81009;
    private static final int UNKNOWN_ACCOUNT = 81011;
    private static final int OTHER_USER = 81012;
    private static final int DISABLED = 50057;

    /// Who an `Authorization` field is good for.
    private sealed interface Seen {
        record Known(User user, Optional<byte[]> answer) implements Seen {}

        record Refused(int number, String text) implements Seen {}
    }

    private final Parts parts;
    private final Sealer sealer;
    private final SignIn signIn;

    DesktopStep(Parts parts, Sealer sealer, SignIn signIn) {
        this.parts = parts;
        this.sealer = sealer;
        this.signIn = signIn;
    }

    /// @return false where nothing was answered and the form is due as ever
    boolean answered(ServerRequest request, ServerResponse response, SignIn.Resumed resumed, String hint) {
        Errand errand = resumed.errand();
        if (!errand.isMetBy(Set.of(Proof.DESKTOP))) {
            return false;
        }
        Optional<DesktopSignIn> settings = parts.store()
                .read(s -> s.desktopSignIns().find(errand.tenant().id()))
                .filter(DesktopSignIn::enabled)
                .filter(set -> isWithin(set.networks(), RequestFacts.of(request).clientAddress()));
        if (settings.isEmpty() || BrowserSessions.isSignedOutOfDesktop(request)) {
            return false;
        }
        List<String> fields = request.headers().values(HeaderNames.AUTHORIZATION);
        if (fields.isEmpty()) {
            response.header(CHALLENGE, SCHEME);
            signIn.show().start(request, response, errand, hint, new StepPages.Problem(401, "", ""));
            return true;
        }
        return switch (seen(settings.get(), fields, errand)) {
            case Seen.Known(User user, Optional<byte[]> answer) -> {
                answer.ifPresent(token -> response.header(
                        CHALLENGE, SCHEME + " " + Base64.getEncoder().encodeToString(token)));
                signIn.stages().proceed(request, response, resumed, Progress.of(user, Set.of(Proof.DESKTOP)));
                yield true;
            }
            case Seen.Refused(int number, String text) -> {
                // no second challenge: browsers would put up a window of their own
                signIn.failed(request, errand, "", number, text);
                yield false;
            }
        };
    }

    private Seen seen(DesktopSignIn settings, List<String> fields, Errand errand) {
        Optional<byte[]> token = fields.size() == 1 ? token(fields.getFirst()) : Optional.empty();
        if (token.isEmpty()) {
            return new Seen.Refused(UNREADABLE, "The Authorization field is none of Negotiate with a token.");
        }
        Optional<Keytab> keytab =
                sealer.open(settings.sealedKeytab(), settings.tenant().value()).map(Keytab::read);
        if (keytab.isEmpty()) {
            throw new IllegalStateException(
                    "the keytab of tenant " + settings.tenant() + " was sealed with another key");
        }
        return DesktopTicket.accept(keytab.get(), token.get())
                .map(ticket -> of(ticket, keytab.get(), settings, errand))
                .orElseGet(() -> new Seen.Refused(
                        REFUSED,
                        "The ticket was not taken: it is for another service or key (export the keytab anew after its"
                                + " account's password changed), too old, used before, or NTLM."));
    }

    private Seen of(DesktopTicket ticket, Keytab keytab, DesktopSignIn settings, Errand errand) {
        Tenant tenant = errand.tenant();
        Optional<User> user = account(ticket.user(), keytab.realm())
                .flatMap(name -> parts.store().read(s -> user(s.users(), tenant, name, keytab.realm(), settings)));
        if (user.isEmpty()) {
            return new Seen.Refused(
                    UNKNOWN_ACCOUNT,
                    "No user of the tenant is '" + ticket.user() + "' of the domain; expected is one that is"
                            + " synchronised from it, or a user ...@" + settings.suffix() + ".");
        }
        String hint = errand.loginHint().strip();
        if (!user.get().accountEnabled()) {
            return new Seen.Refused(DISABLED, "The user account is disabled.");
        }
        return hint.isEmpty() || hint.equalsIgnoreCase(user.get().userPrincipalName())
                ? new Seen.Known(user.get(), ticket.answer())
                : new Seen.Refused(OTHER_USER, "The computer's user is not the one that was asked for.");
    }

    /// What synchronisation knows decides. A name is as good only for a user of whom it says nothing else: another
    /// account may have had the name first.
    private static Optional<User> user(
            UserStore users, Tenant tenant, String account, String realm, DesktopSignIn settings) {
        List<User> synchronised = users.findByDomainAccount(tenant.id(), account, realm);
        if (!synchronised.isEmpty()) {
            return synchronised.size() == 1 ? Optional.of(synchronised.getFirst()) : Optional.empty();
        }
        return users.findByPrincipalName((account + "@" + settings.suffix()).toLowerCase(Locale.ROOT))
                .filter(found -> found.tenant().equals(tenant.id()))
                .filter(found -> isOrUnknown(found, "onPremisesSamAccountName", account)
                        && isOrUnknown(found, "onPremisesDomainName", realm));
    }

    private static boolean isOrUnknown(User user, String property, String value) {
        return user.attributes().first(property).map(value::equalsIgnoreCase).orElse(true);
    }

    /// A person's of the domain itself: no service, no computer, nobody of a realm that it trusts.
    private static Optional<String> account(String principal, String realm) {
        String end = "@" + realm;
        return Optional.of(principal)
                .filter(name -> name.endsWith(end))
                .map(name -> name.substring(0, name.length() - end.length()))
                .filter(name -> name.matches("[^/@\\\\]+") && !name.endsWith("$"));
    }

    private static Optional<byte[]> token(String field) {
        String prefix = SCHEME + " ";
        if (!field.regionMatches(true, 0, prefix, 0, prefix.length())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getDecoder()
                            .decode(field.substring(prefix.length()).strip()))
                    .filter(bytes -> bytes.length > 0);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isWithin(List<String> networks, String address) {
        return networks.stream().map(AddressBlock::of).anyMatch(block -> block.contains(address));
    }
}
