package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.claims.TokenKind;
import io.postern.domain.signon.ReplyUrl;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.signon.SignOnMode;
import io.postern.store.SamlCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tries the sign-on of an application without signing anybody on (3.4.3): each thing that a sign-on needs in its
/// order, so that the first failure is the one to mend, and the address at which the browser begins.
public final class SignOnTest {
    private static final Duration SOON = Duration.ofDays(30);

    /// @param detail one sentence; of a failure with its remedy
    public record Step(String name, State state, String detail) {
        public enum State {
            PASSED,
            WARNING,
            FAILED
        }
    }

    /// @param start where the browser begins; empty when something fails before
    /// @param startedBy `serviceProvider` or `identityProvider`
    /// @param page where an administrator signs in as to the application and sees what it would be told
    public record Report(
            List<Step> steps,
            Optional<String> start,
            String startedBy,
            Optional<SignOns.Preview> preview,
            String page) {
        public boolean failed() {
            return steps.stream().anyMatch(step -> step.state() == Step.State.FAILED);
        }
    }

    private final Ledger ledger;
    private final SignOns signOns;

    public SignOnTest(Ledger ledger, SignOns signOns) {
        this.ledger = ledger;
        this.signOns = signOns;
    }

    /// @param user whose sign-on is tried; empty: only what is the same for everybody
    public Outcome<Report> run(TenantId tenant, ServicePrincipalId id, Optional<UserId> user) {
        Outcome<SignOns.Seen> found = signOns.find(tenant, id);
        if (!(found instanceof Outcome.Done<SignOns.Seen>(SignOns.Seen seen))) {
            return ledger.look(_ -> {
                throw Rejected.notFound("service principal", id);
            });
        }
        var steps = new ArrayList<Step>();
        Optional<SignOns.Preview> preview = Optional.empty();
        enabled(steps, seen);
        mode(steps, seen.signOn());
        if (seen.signOn().mode() == SignOnMode.SAML) {
            saml(steps, seen);
        }
        if (user.isPresent()) {
            assigned(steps, tenant, seen, user.get());
            Outcome<SignOns.Preview> shown =
                    signOns.preview(tenant, id, user.get(), Optional.empty(), token(seen.signOn()), Optional.empty());
            preview = shown instanceof Outcome.Done<SignOns.Preview>(SignOns.Preview done)
                    ? Optional.of(done)
                    : Optional.empty();
            preview.ifPresent(done -> told(steps, done));
        }
        boolean bySp = seen.signOn().signOnUrl().isPresent() || seen.signOn().mode() != SignOnMode.SAML;
        Optional<String> start =
                steps.stream().anyMatch(step -> step.state() == Step.State.FAILED) ? Optional.empty() : start(seen);
        return Outcome.done(new Report(
                List.copyOf(steps),
                start,
                bySp ? "serviceProvider" : "identityProvider",
                preview,
                seen.addresses().test(seen.principal().appId())));
    }

    /// As the tile opens it.
    private static Optional<String> start(SignOns.Seen seen) {
        return seen.signOn()
                .start(seen.addresses())
                .or(() -> seen.signOn().mode() == SignOnMode.SAML
                        ? Optional.empty()
                        : seen.application().homePageUrl());
    }

    private static TokenKind token(SamlSignOn signOn) {
        return signOn.mode() == SignOnMode.OIDC ? TokenKind.JWT : TokenKind.SAML;
    }

    private static void enabled(List<Step> steps, SignOns.Seen seen) {
        steps.add(
                seen.principal().accountEnabled()
                        ? passed(
                                "enabled",
                                "users may sign in to '" + seen.principal().displayName() + "'")
                        : failed(
                                "enabled",
                                "sign-in to '" + seen.principal().displayName()
                                        + "' is off (AADSTS7000112); set accountEnabled to true"));
    }

    private static void mode(List<Step> steps, SamlSignOn signOn) {
        steps.add(
                signOn.mode() == SignOnMode.NOT_SUPPORTED
                        ? failed("mode", "no single sign-on is set; set preferredSingleSignOnMode to saml or oidc")
                        : passed("mode", "single sign-on is by " + signOn.mode().text()));
    }

    private void saml(List<Step> steps, SignOns.Seen seen) {
        SamlSignOn signOn = seen.signOn();
        steps.add(
                signOn.identifiers().isEmpty()
                        ? failed(
                                "identifier",
                                "no identifier is set, so requests cannot be recognised (AADSTS700016); set"
                                        + " identifierUris to the entity id of the service provider")
                        : passed("identifier", "requests of " + String.join(", ", signOn.identifiers())));
        steps.add(signOn.defaultReplyUrl()
                .map(ReplyUrl::url)
                .map(url -> passed("replyUrl", "assertions go to " + url))
                .orElseGet(() -> failed(
                        "replyUrl",
                        "no reply URL is set, so there is nowhere to send an assertion (AADSTS50011); set replyUrls")));
        steps.add(certificate(seen));
        steps.add(
                signOn.requests().required()
                        ? signOn.signOnUrl().isPresent()
                                ? passed("start", "requests must be signed; the sign-on URL lets the application begin")
                                : failed("start", "requests must be signed, so nothing can be begun here; set loginUrl")
                        : passed(
                                "start",
                                signOn.signOnUrl()
                                        .map(url -> "begins at " + url)
                                        .orElse("begins here")));
    }

    private Step certificate(SignOns.Seen seen) {
        Instant now = ledger.clock().instant();
        Optional<SamlCertificate> used = seen.inForce();
        if (used.isEmpty()) {
            return failed("certificate", "there is no signing certificate; make one with addTokenSigningCertificate");
        }
        SamlCertificate certificate = used.get();
        if (!certificate.isValid(now)) {
            return new Step(
                    "certificate",
                    Step.State.WARNING,
                    "the signing certificate ended on " + certificate.expires()
                            + "; many service providers refuse it, so make a new one and give it to them");
        }
        String what = "signed with " + certificate.thumbprint() + ", valid until " + certificate.expires();
        return certificate.expires().isBefore(now.plus(SOON))
                ? new Step("certificate", Step.State.WARNING, what + "; make the next one and give it out in time")
                : passed("certificate", what);
    }

    private void assigned(List<Step> steps, TenantId tenant, SignOns.Seen seen, UserId user) {
        Instant now = ledger.clock().instant();
        boolean assigned = !ledger.read(stores ->
                        stores.assignments().inForce(tenant, seen.principal().id(), user, now))
                .isEmpty();
        boolean required = seen.principal().appRoleAssignmentRequired();
        steps.add(
                assigned
                        ? passed("assignment", "the user is assigned")
                        : required
                                ? failed(
                                        "assignment",
                                        "the user is not assigned, and assignment is required (AADSTS50105); assign the"
                                                + " user or a group")
                                : passed("assignment", "the user is not assigned, and need not be"));
    }

    private static void told(List<Step> steps, SignOns.Preview preview) {
        steps.add(
                preview.issued().groupsOverage()
                        ? new Step(
                                "claims",
                                Step.State.WARNING,
                                "the user is in too many groups to name them; have only groups assigned to the"
                                        + " application emitted, or filter them")
                        : passed(
                                "claims",
                                preview.issued().claims().size() + " claims, NameID "
                                        + preview.issued().nameId().value()));
    }

    private static Step passed(String name, String detail) {
        return new Step(name, Step.State.PASSED, detail);
    }

    private static Step failed(String name, String detail) {
        return new Step(name, Step.State.FAILED, detail);
    }
}
