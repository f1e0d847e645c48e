package io.postern.identity.signin;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.PasswordRules;
import io.postern.identity.factor.QrPicture;
import io.postern.identity.factor.Totp;
import io.postern.store.AuthenticationMethod;
import io.postern.store.AuthenticationMethod.Kind;
import io.postern.store.User;
import io.postern.web.AccountPage;
import io.postern.web.NewPasswordPage;
import io.postern.web.PasskeyCall;
import io.postern.web.RecoveryCodesPage;
import io.postern.web.RegisterPage;
import io.postern.web.SecondFactorPage;
import io.postern.web.SecondFactorPage.Way;
import io.postern.web.SignInPage;
import io.postern.web.StayPage;
import io.postern.web.Step;
import io.postern.web.UserNamePage;
import io.postern.web.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Shows the pages of the sign-in, each with a fresh ticket for the step that it asks for.
final class StepPages {
    static final String FORM = "sign-in";

    /// What was wrong, on the page that is shown again.
    ///
    /// @param code for example `AADSTS50126`; empty where there is none
    record Problem(int status, String text, String code) {
        static final Problem NONE = new Problem(200, "", "");
    }

    private final Parts parts;
    private final Tickets tickets;
    private final HomeRealms realms;

    StepPages(Parts parts, Tickets tickets, HomeRealms realms) {
        this.parts = parts;
        this.realms = realms;
        this.tickets = tickets;
    }

    /// The first page. Where the name is known already the password's, which is the second.
    void start(ServerRequest request, ServerResponse response, Errand errand, String userName, Problem problem) {
        if (!userName.isBlank() && problem.text().isEmpty()) {
            password(request, response, errand, userName, false, problem);
            return;
        }
        String challenge = Tickets.challenge();
        String ticket = tickets.issue(request, response, errand, Stage.PASSKEY, Optional.empty(), challenge, "");
        var call = new PasskeyCall(
                action(errand, Stage.PASSKEY.path()), ticket, parts.passkeys().request(challenge, List.of()));
        send(
                response,
                problem,
                new UserNamePage(
                        step(request, response, errand, "login", "", userName, problem),
                        call,
                        realms.buttons(errand.tenant()),
                        realms.byName(errand.tenant())));
    }

    void password(
            ServerRequest request,
            ServerResponse response,
            Errand errand,
            String userName,
            boolean pass,
            Problem problem) {
        send(response, problem, new SignInPage(step(request, response, errand, "login", "", userName, problem), pass));
    }

    void account(ServerRequest request, ServerResponse response, Errand errand, User user) {
        send(
                response,
                Problem.NONE,
                new AccountPage(
                        step(request, response, errand, "account", "", user.userPrincipalName(), Problem.NONE),
                        user.displayName()));
    }

    /// @param wanted empty: what the user used last
    void secondFactor(
            ServerRequest request,
            ServerResponse response,
            Errand errand,
            Progress progress,
            Optional<Way> wanted,
            Problem problem) {
        List<AuthenticationMethod> methods = parts.methods().of(progress.user());
        List<Way> ways = ways(methods);
        Way way = wanted.filter(ways::contains).orElse(ways.getFirst());
        String challenge = way == Way.PASSKEY ? Tickets.challenge() : "";
        String ticket =
                tickets.issue(request, response, errand, Stage.SECOND_FACTOR, Optional.of(progress), challenge, "");
        Optional<PasskeyCall> call = way == Way.PASSKEY
                ? Optional.of(new PasskeyCall(
                        action(errand, Stage.SECOND_FACTOR.path()),
                        ticket,
                        parts.passkeys().request(challenge, passkeys(methods))))
                : Optional.empty();
        send(
                response,
                problem,
                new SecondFactorPage(
                        step(
                                request,
                                response,
                                errand,
                                Stage.SECOND_FACTOR.path(),
                                ticket,
                                progress.user().userPrincipalName(),
                                problem),
                        way,
                        ways.stream().filter(other -> other != way).toList(),
                        call));
    }

    /// @param stage [Stage#REGISTER] or [Stage#ADD_METHOD]
    /// @param secret of the generator that is offered
    /// @param back where the user may go instead; empty when he must go through
    void register(
            ServerRequest request,
            ServerResponse response,
            Errand errand,
            Stage stage,
            Progress progress,
            String secret,
            Optional<String> back,
            Problem problem) {
        User user = progress.user();
        String challenge = Tickets.challenge();
        String ticket = tickets.issue(request, response, errand, stage, Optional.of(progress), challenge, secret);
        var call = new PasskeyCall(
                action(errand, stage.path()),
                ticket,
                parts.passkeys()
                        .creation(user, challenge, passkeys(parts.methods().of(user)), service(errand)));
        String link = Totp.link(service(errand), user.userPrincipalName(), secret);
        send(
                response,
                problem,
                new RegisterPage(
                        step(request, response, errand, stage.path(), ticket, user.userPrincipalName(), problem),
                        secret.replaceAll("(.{4})(?!$)", "$1 "),
                        QrPicture.path(link),
                        QrPicture.size(link),
                        call,
                        back));
    }

    void recoveryCodes(
            ServerRequest request, ServerResponse response, Errand errand, Progress progress, List<String> codes) {
        send(
                response,
                Problem.NONE,
                new RecoveryCodesPage(
                        plain(request, response, errand, Stage.RECOVERY_CODES, progress, Problem.NONE), codes));
    }

    void newPassword(
            ServerRequest request,
            ServerResponse response,
            Errand errand,
            Progress progress,
            boolean expired,
            Problem problem) {
        send(
                response,
                problem,
                new NewPasswordPage(
                        plain(request, response, errand, Stage.NEW_PASSWORD, progress, problem),
                        PasswordRules.CHARACTERS_MIN,
                        expired));
    }

    void stay(ServerRequest request, ServerResponse response, Errand errand, Progress progress) {
        send(
                response,
                Problem.NONE,
                new StayPage(plain(request, response, errand, Stage.STAY, progress, Problem.NONE)));
    }

    Step step(
            ServerRequest request,
            ServerResponse response,
            Errand errand,
            String path,
            String userName,
            Problem problem) {
        return step(request, response, errand, path, "", userName, problem);
    }

    String text(String key, Object... arguments) {
        return parts.pages().texts().of(key, arguments);
    }

    private Step plain(
            ServerRequest request,
            ServerResponse response,
            Errand errand,
            Stage stage,
            Progress progress,
            Problem problem) {
        String ticket = tickets.issue(request, response, errand, stage, Optional.of(progress), "", "");
        return step(
                request, response, errand, stage.path(), ticket, progress.user().userPrincipalName(), problem);
    }

    private Step step(
            ServerRequest request,
            ServerResponse response,
            Errand errand,
            String path,
            String ticket,
            String userName,
            Problem problem) {
        return new Step(
                action(errand, path),
                parts.csrf().token(request, response, FORM),
                errand.sealed(),
                ticket,
                errand.clientName(),
                userName,
                problem.text(),
                problem.code(),
                targets(errand),
                parts.store()
                        .read(s -> s.tenants().settings(errand.tenant().id()))
                        .branding());
    }

    /// Whoever is sent elsewhere from a form goes on from there to who knows where.
    private List<String> targets(Errand errand) {
        if (!realms.any(errand.tenant())) {
            return errand.formTargets();
        }
        return Stream.concat(errand.formTargets().stream(), Stream.of("https:"))
                .distinct()
                .toList();
    }

    private void send(ServerResponse response, Problem problem, View view) {
        parts.pages().send(response, problem.status(), view);
    }

    private String service(Errand errand) {
        return parts.store()
                .read(s -> s.tenants().settings(errand.tenant().id()))
                .branding()
                .name()
                .orElse(errand.tenant().displayName());
    }

    private static String action(Errand errand, String path) {
        return "/" + errand.tenant().name() + "/" + path;
    }

    private static List<AuthenticationMethod> passkeys(List<AuthenticationMethod> methods) {
        return methods.stream().filter(m -> m.kind() == Kind.PASSKEY).toList();
    }

    /// Best first: what was used last, and recovery codes only after everything else.
    private static List<Way> ways(List<AuthenticationMethod> methods) {
        var ways = new ArrayList<Way>();
        methods.stream()
                .filter(m -> m.kind().isSecondFactor())
                .sorted(Comparator.comparing(
                                (AuthenticationMethod m) -> m.lastUsed().orElse(m.created()))
                        .reversed())
                .map(m -> m.kind() == Kind.TOTP ? Way.TOTP : Way.PASSKEY)
                .distinct()
                .forEach(ways::add);
        if (methods.stream().anyMatch(m -> m.kind() == Kind.RECOVERY_CODES && m.counter() > 0)) {
            ways.add(Way.RECOVERY);
        }
        return ways;
    }
}
