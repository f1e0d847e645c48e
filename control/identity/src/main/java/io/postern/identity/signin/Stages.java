package io.postern.identity.signin;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.onpremises.PasswordPlace;
import io.postern.domain.publish.SignInSettings;
import io.postern.identity.factor.Totp;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.session.Proof;
import io.postern.store.AuthenticationMethod;
import io.postern.store.FederatedIdentityStore;
import io.postern.store.User;
import io.postern.web.Languages;
import java.time.Duration;
import java.util.Optional;

/// What comes next on the way to a session. Decided anew after every step from what was proved and what the
/// store says, so there is no order that a request could change: second factor or its registration, new
/// password, the question whether to stay signed in, session.
final class Stages {
    private static final int MFA_NEEDED = 50074;
    private static final int MFA_MUST_BE_REGISTERED = 50072;
    private static final int PASSWORD_EXPIRED = 50055;
    private static final int STAY_ASKED = 50140;

    private final Parts parts;
    private final SignIn signIn;
    private final StepPages show;

    Stages(Parts parts, SignIn signIn, StepPages show) {
        this.parts = parts;
        this.signIn = signIn;
        this.show = show;
    }

    /// Shows the page that is due, or begins the session and goes on to the application.
    void proceed(ServerRequest request, ServerResponse response, SignIn.Resumed resumed, Progress progress) {
        Languages.preferred(SignIn.language(progress.user()), () -> showDue(request, response, resumed, progress));
    }

    private void showDue(ServerRequest request, ServerResponse response, SignIn.Resumed resumed, Progress progress) {
        Errand errand = resumed.errand();
        User user = progress.user();
        SignInSettings settings =
                parts.store().read(s -> s.tenants().settings(user.tenant())).signIn();
        boolean hasFactor = hasFactor(user);
        if (progress.mfa().isEmpty() && hasFactor) {
            interrupted(request, errand, user, MFA_NEEDED, "A second factor is asked for.");
            show.secondFactor(request, response, errand, progress, Optional.empty(), StepPages.Problem.NONE);
        } else if (progress.mfa().isEmpty() && (settings.mfaRegistration() || needsMfa(errand, user))) {
            interrupted(request, errand, user, MFA_MUST_BE_REGISTERED, "The user must set up a second factor.");
            show.register(
                    request,
                    response,
                    errand,
                    Stage.REGISTER,
                    progress,
                    Totp.secret(),
                    Optional.empty(),
                    StepPages.Problem.NONE);
        } else if (progress.methods().contains(Proof.PASSWORD) && passwordIsDue(user, settings)) {
            interrupted(request, errand, user, PASSWORD_EXPIRED, "The password must be changed.");
            show.newPassword(request, response, errand, progress, !user.forceChangePassword(), StepPages.Problem.NONE);
        } else if (progress.stay().isEmpty() && settings.askToStay() && !stays(request, user)) {
            interrupted(request, errand, user, STAY_ASKED, "The user is asked whether to stay signed in.");
            show.stay(request, response, errand, progress);
        } else {
            finish(request, response, resumed, progress);
        }
    }

    boolean hasFactor(User user) {
        return parts.methods().of(user).stream()
                .map(AuthenticationMethod::kind)
                .anyMatch(AuthenticationMethod.Kind::isSecondFactor);
    }

    boolean hasRecoveryCodes(User user) {
        return parts.methods().of(user).stream()
                .anyMatch(m -> m.kind() == AuthenticationMethod.Kind.RECOVERY_CODES && m.counter() > 0);
    }

    /// New session, new cookie: at every rise of what the browser may do.
    private void finish(ServerRequest request, ServerResponse response, SignIn.Resumed resumed, Progress progress) {
        boolean persistent = progress.stay().orElseGet(() -> stays(request, progress.user()));
        BrowserSessions.Current current = parts.sessions()
                .begin(request, response, progress.user(), new Proof(progress.methods(), progress.mfa()), persistent);
        progress.realm()
                .ifPresent(realm -> parts.store().write(s -> {
                    // until the session must have ended; one that lasts is begun anew at each sign-in
                    s.federatedIdentities()
                            .begin(new FederatedIdentityStore.Session(
                                    progress.user().tenant(),
                                    current.session().id(),
                                    realm.provider(),
                                    realm.sealed(),
                                    realm.subject(),
                                    realm.index(),
                                    current.session().expires().plus(BrowserSessions.PERSISTENT_LIFETIME)));
                    return realm;
                }));
        signIn.proved(request, response, resumed, current, progress.checked());
    }

    /// The browser's session is the user's already, and is to last.
    private boolean stays(ServerRequest request, User user) {
        return parts.sessions()
                .current(request, user.tenant())
                .filter(current -> current.user().id().equals(user.id()))
                .map(current -> current.session().persistent())
                .orElse(false);
    }

    private boolean needsMfa(Errand errand, User user) {
        return errand.demand().mfa() || parts.access().needsMfa(user);
    }

    /// A password of another directory is as old as that lets it be.
    private boolean passwordIsDue(User user, SignInSettings settings) {
        return parts.store().read(s -> PasswordPlace.of(s, user)).isEmpty() && isDueHere(user, settings);
    }

    private boolean isDueHere(User user, SignInSettings settings) {
        return user.forceChangePassword()
                || settings.passwordDays()
                        .map(Duration::ofDays)
                        .filter(age -> parts.clock()
                                .instant()
                                .isAfter(parts.methods().passwordSince(user).plus(age)))
                        .isPresent();
    }

    private void interrupted(ServerRequest request, Errand errand, User user, int number, String text) {
        signIn.failed(request, errand, user.userPrincipalName(), number, text);
    }
}
