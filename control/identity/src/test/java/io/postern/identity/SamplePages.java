package io.postern.identity;

import io.postern.domain.publish.Branding;
import io.postern.identity.factor.QrPicture;
import io.postern.identity.factor.Totp;
import io.postern.web.AccessPage;
import io.postern.web.AccountPage;
import io.postern.web.AppPasswordPage;
import io.postern.web.ApprovalsPage;
import io.postern.web.AppsPage;
import io.postern.web.ArrangePage;
import io.postern.web.ConsentPage;
import io.postern.web.DeviceCodePage;
import io.postern.web.DeviceConfirmPage;
import io.postern.web.FormPostPage;
import io.postern.web.InvitationPage;
import io.postern.web.LinkedAccountsPage;
import io.postern.web.MessagePage;
import io.postern.web.NewPasswordPage;
import io.postern.web.PasskeyCall;
import io.postern.web.Portal;
import io.postern.web.Portal.Tab;
import io.postern.web.RealmButton;
import io.postern.web.RecoveryCodesPage;
import io.postern.web.RegisterPage;
import io.postern.web.SecondFactorPage;
import io.postern.web.SecondFactorPage.Way;
import io.postern.web.SecurityInfoPage;
import io.postern.web.SessionsPage;
import io.postern.web.SetupPage;
import io.postern.web.SignInPage;
import io.postern.web.SignOnTrialPage;
import io.postern.web.SignOutPage;
import io.postern.web.SignedOutPage;
import io.postern.web.SignedOutPage.State;
import io.postern.web.StayPage;
import io.postern.web.Step;
import io.postern.web.UserNamePage;
import io.postern.web.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Every page as it may come, in each of its forms.
final class SamplePages {
    private static final String USER = "maximiliane.musterfrau@contoso.example";
    private static final String APP = "Qlik Sense (finance)";
    private static final String SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    private static final PasskeyCall CALL = new PasskeyCall("/x", "t", "{\"kind\":\"get\"}");
    private static final List<String> PERMISSIONS = List.of(
            "sign you in and see your name, user name and e-mail address",
            "use Expense reports as you",
            "keep its access after you close the browser");

    private SamplePages() {}

    /// By the name of the picture.
    static Map<String, View> all() {
        var views = new LinkedHashMap<String, View>();
        steps(views);
        permissions(views);
        account(views);
        messages(views);
        return views;
    }

    private static void steps(Map<String, View> views) {
        views.put("user-name", new UserNamePage(step(""), CALL));
        views.put(
                "user-name-realms",
                new UserNamePage(
                        step(""),
                        CALL,
                        List.of(new RealmButton("1", "Partner Login"), new RealmButton("2", "Contoso Works")),
                        true));
        views.put(
                "linked-accounts",
                new LinkedAccountsPage(
                        "/contoso/linked-accounts",
                        "c",
                        "b.simon@contoso.example",
                        List.of(
                                new LinkedAccountsPage.Account(
                                        "1", "Partner Login", "linked since 22 Nov 2026", true, true),
                                new LinkedAccountsPage.Account("2", "Contoso Works", "", false, false)),
                        "",
                        "/contoso/security-info"));
        views.put("user-name-wrong", new UserNamePage(wrong("Enter your user name.", ""), CALL));
        views.put("password", new SignInPage(step(USER), false));
        views.put("password-branded", new SignInPage(branded(), false));
        views.put(
                "password-wrong",
                new SignInPage(
                        wrong("The user name or the password is wrong. Check both and try again.", "AADSTS50126"),
                        false));
        views.put("temporary-pass", new SignInPage(step(USER), true));
        views.put("account", new AccountPage(step(USER), "Maximiliane Musterfrau"));
        views.put(
                "second-factor-totp",
                new SecondFactorPage(step(USER), Way.TOTP, List.of(Way.PASSKEY, Way.RECOVERY), Optional.empty()));
        views.put(
                "second-factor-wrong",
                new SecondFactorPage(
                        wrong("The code is wrong, too old or was used already.", "AADSTS500121"),
                        Way.TOTP,
                        List.of(),
                        Optional.empty()));
        views.put(
                "second-factor-passkey",
                new SecondFactorPage(step(USER), Way.PASSKEY, List.of(Way.TOTP, Way.RECOVERY), Optional.of(CALL)));
        views.put(
                "second-factor-recovery",
                new SecondFactorPage(step(USER), Way.RECOVERY, List.of(Way.TOTP), Optional.empty()));
        String link = Totp.link("Contoso", USER, SECRET);
        String grouped = SECRET.replaceAll("(.{4})(?!$)", "$1 ");
        views.put(
                "register",
                new RegisterPage(
                        step(USER), grouped, QrPicture.path(link), QrPicture.size(link), CALL, Optional.empty()));
        views.put(
                "register-wrong",
                new RegisterPage(
                        wrong("The code does not match. Check the clock of your device and enter the newest code.", ""),
                        grouped,
                        QrPicture.path(link),
                        QrPicture.size(link),
                        CALL,
                        Optional.of("/back")));
        views.put(
                "recovery-codes",
                new RecoveryCodesPage(
                        step(USER),
                        IntStream.range(0, 10)
                                .mapToObj(i -> "k7qd" + i + "-9xw2m-pfhr" + i)
                                .toList()));
        views.put("new-password", new NewPasswordPage(step(USER), 8, false));
        views.put(
                "new-password-wrong",
                new NewPasswordPage(wrong("The two passwords differ. Type the same one twice.", ""), 8, true));
        views.put("stay", new StayPage(step(USER)));
        views.put("setup", new SetupPage("/x", "c", "t", "contoso.example", "", "", 8, ""));
        views.put(
                "setup-wrong",
                new SetupPage("/x", "c", "t", "contoso.example", "Maximiliane", "max", 8, "Fill in every field."));
        views.put("invitation", invitation("", ""));
        views.put("invitation-wrong", invitation("", "The two passwords differ. Type the same one twice."));
        views.put("invitation-elsewhere", invitation("Partner Login", ""));
    }

    private static InvitationPage invitation(String provider, String error) {
        return new InvitationPage(
                "/x",
                "c",
                "code",
                "Maximiliane Musterfrau",
                "Contoso",
                "alice.von.nebenan@partner.example",
                provider,
                "https://myapps.contoso.example/",
                8,
                error,
                Branding.NONE);
    }

    private static void permissions(Map<String, View> views) {
        for (ConsentPage.Mode mode : ConsentPage.Mode.values()) {
            views.put(
                    "consent-" + mode.name().toLowerCase(java.util.Locale.ROOT),
                    new ConsentPage("/x", "c", "r", APP, USER, PERMISSIONS, mode, List.of(), Branding.NONE));
        }
        views.put("device-code", new DeviceCodePage("/x", "c", "", ""));
        views.put(
                "device-code-wrong",
                new DeviceCodePage("/x", "c", "BCDF-GHJK", "No device waits with this code. Check it."));
        views.put(
                "device-confirm",
                new DeviceConfirmPage(
                        "/x", "c", "r", APP, USER, "192.0.2.17", "08:00 UTC", PERMISSIONS, Branding.NONE));
    }

    private static void account(Map<String, View> views) {
        views.put(
                "security-info",
                new SecurityInfoPage(
                        step(USER),
                        List.of(
                                new SecurityInfoPage.Method(
                                        "1",
                                        "security.kind.totp",
                                        "Telephone",
                                        "Added 21 Nov 2026, last used 22 Nov 2026",
                                        true),
                                new SecurityInfoPage.Method(
                                        "2",
                                        "security.kind.passkey",
                                        "Passkey, Chrome on Linux",
                                        "Added 21 Nov 2026",
                                        true),
                                new SecurityInfoPage.Method(
                                        "3", "security.kind.recovery_codes", "", "10 left, Added 21 Nov 2026", false)),
                        "The method was renamed.",
                        true,
                        8,
                        true,
                        "/back"));
        views.put("security-info-none", new SecurityInfoPage(step(USER), List.of(), "", false, 8, true, "/back"));
        views.put("security-info-there", new SecurityInfoPage(step(USER), List.of(), "", false, 8, false, "/back"));
        views.put(
                "security-info-wrong",
                new SecurityInfoPage(
                        wrong("The current password is wrong.", "AADSTS50126"),
                        List.of(),
                        "",
                        false,
                        8,
                        true,
                        "/back"));
        views.put(
                "sessions",
                new SessionsPage(
                        "/x",
                        "c",
                        USER,
                        List.of(
                                new SessionsPage.Held(
                                        "1", "Firefox 140.0, Linux", "192.0.2.1, since 22 Nov 2026 08:00", true),
                                new SessionsPage.Held(
                                        "2", "Safari 18.2, iOS 18.2", "198.51.100.7, since 21 Nov 2026 17:30", false)),
                        List.of(
                                new SessionsPage.Attempt(
                                        APP,
                                        "Signed in",
                                        false,
                                        "22 Nov 2026, 08:00 UTC, 192.0.2.1, Firefox 140.0, Linux",
                                        "s1"),
                                new SessionsPage.Attempt(
                                        "Grafana",
                                        "The user name or the password is wrong. Check both and try again.",
                                        true,
                                        "21 Nov 2026, 17:30 UTC, 198.51.100.7, Safari 18.2, iOS 18.2",
                                        "")),
                        "",
                        "/back"));
        views.put(
                "sessions-ended",
                new SessionsPage(
                        "/x",
                        "c",
                        USER,
                        List.of(new SessionsPage.Held("1", "Firefox 140.0, Linux", "192.0.2.1", true)),
                        List.of(),
                        "One session was ended.",
                        "/back"));
        List<AppsPage.Tile> tiles = tiles();
        views.put(
                "apps",
                new AppsPage(
                        portal(Tab.APPS, 3),
                        "",
                        tiles.size(),
                        List.of(
                                new AppsPage.Choice("All apps", "/"),
                                new AppsPage.Choice("Every morning", ""),
                                new AppsPage.Choice("Finance and controlling", "/?collection=2")),
                        "What the plant needs from six o'clock on.",
                        tiles));
        views.put("apps-no-match", new AppsPage(portal(Tab.APPS, 0), "payrol", 7, List.of()));
        views.put(
                "apps-none",
                new AppsPage(
                        new Portal("Maximiliane Musterfrau", USER, Tab.APPS, false, false, 0, "/s", "/o", "/out"),
                        "",
                        0,
                        List.of()));
        views.put(
                "app-password",
                new AppPasswordPage(
                        portal(Tab.APPS, 0), "c", "/password/1", "Zeiterfassung", "Z", 5, "", false, false, "", ""));
        views.put(
                "app-password-held",
                new AppPasswordPage(
                        portal(Tab.APPS, 0),
                        "c",
                        "/password/1",
                        "Zeiterfassung",
                        "Z",
                        5,
                        "m.musterfrau",
                        true,
                        false,
                        "",
                        "A name has 1 to 256 characters."));
        access(views);
    }

    private static Portal portal(Tab here, int approvals) {
        return new Portal("Maximiliane Musterfrau", USER, here, true, true, approvals, "/s", "/o", "/out");
    }

    private static void access(Map<String, View> views) {
        var grafana = new ArrangePage.App("a1", "Grafana", "G", 3, "", false);
        var wiki = new ArrangePage.App("a2", "Zeiterfassung und Urlaubsantrag", "Z", 5, "", true);
        views.put(
                "arrange",
                new ArrangePage(
                        portal(Tab.ARRANGE, 0),
                        "c",
                        List.of(grafana, wiki),
                        List.of(new ArrangePage.Collection("c1", "Every morning", List.of(grafana), List.of(wiki))),
                        "Saved.",
                        ""));
        Portal requests = portal(Tab.REQUESTS, 1);
        views.put(
                "access",
                new AccessPage(
                        requests,
                        "c",
                        List.of(
                                new AccessPage.Offer(
                                        "t1",
                                        "Grafana",
                                        "",
                                        "Somebody has to agree, for 30 days",
                                        "G",
                                        3,
                                        "",
                                        false,
                                        true),
                                new AccessPage.Offer(
                                        "t2",
                                        "Choir",
                                        "We sing on Tuesdays.",
                                        "Group. At once",
                                        "C",
                                        5,
                                        "",
                                        true,
                                        false)),
                        List.of(
                                new AccessPage.Asked("1", APP, "Waiting", "waiting", "asked Nov 22, 2026", ""),
                                new AccessPage.Asked(
                                        "2",
                                        "Wiki",
                                        "Refused",
                                        "bad",
                                        "asked Nov 1, 2026, decided Nov 2, 2026 by ada.approver@contoso.example",
                                        "Not before your contract begins.\nThen ask again."),
                                new AccessPage.Asked("3", "Intranet", "Granted", "good", "until Dec 1, 2026", "")),
                        "Your request is with those who decide about it.",
                        ""));
        views.put("access-none", new AccessPage(requests, "c", List.of(), List.of(), "", "It was decided meanwhile."));
        Portal approvals = portal(Tab.APPROVALS, 2);
        views.put(
                "approvals",
                new ApprovalsPage(
                        approvals,
                        "c",
                        List.of(
                                new ApprovalsPage.Waiting(
                                        "1",
                                        "Grafana",
                                        "Abel Asker",
                                        "abel.asker@contoso.example · Engineer · Platform",
                                        "I am on call from Monday and need the dashboards.",
                                        "asked Nov 22, 2026, 8:00 AM UTC"),
                                new ApprovalsPage.Waiting("2", APP, "Zoe", "zoe@contoso.example", "", "asked today")),
                        "Approved. Access begins now.",
                        ""));
        views.put("approvals-none", new ApprovalsPage(portal(Tab.APPROVALS, 0), "c", List.of(), "", ""));
    }

    private static List<AppsPage.Tile> tiles() {
        return List.of("Expense reports", "Grafana", "Intranet", APP, "Wiki", "Zeiterfassung und Urlaubsantrag")
                .stream()
                .map(name -> AppsPage.Tile.of(
                                name,
                                "https://app.example/",
                                name.split(" ", 2)[0].toLowerCase(java.util.Locale.ROOT) + "-contoso.postern.example",
                                Optional.empty())
                        .withPassword(name.equals("Wiki") ? "/password/1" : ""))
                .toList();
    }

    private static void messages(Map<String, View> views) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("code", "0.AX");
        // a form that may go nowhere stays to be looked at
        views.put("form-post", FormPostPage.of("https://client.invalid/cb", fields, List.of()));
        views.put("sign-out", new SignOutPage("/x", "c", "", "", "", List.of()));
        views.put("sign-out-return", new SignOutPage("/x", "c", "https://a.example/", "s", "id", List.of()));
        views.put("signed-out", signedOut(List.of(), Optional.empty()));
        views.put(
                "signed-out-waiting",
                signedOut(
                        List.of(new SignedOutPage.Application(APP, State.WAITING, Optional.empty())),
                        Optional.of("/onward")));
        views.put(
                "signed-out-incomplete",
                signedOut(
                        List.of(
                                new SignedOutPage.Application(APP, State.ENDED, Optional.empty()),
                                new SignedOutPage.Application("Grafana", State.TOLD, Optional.empty()),
                                new SignedOutPage.Application(
                                        "Zeiterfassung und Urlaubsantrag", State.REMAINS, Optional.of("/again"))),
                        Optional.empty()));
        views.put(
                "sign-on-test",
                new SignOnTrialPage(
                        APP,
                        USER,
                        Optional.empty(),
                        List.of(new SignOnTrialPage.Line("Reply URL", List.of("https://a.example/acs"))),
                        List.of(new SignOnTrialPage.Line("NameID", List.of(USER))),
                        "<saml:Assertion/>",
                        Optional.of("https://a.example/"),
                        Branding.NONE));
        views.put(
                "sign-on-test-refused",
                new SignOnTrialPage(
                        APP,
                        "",
                        Optional.of(new SignOnTrialPage.Refusal(
                                "AADSTS50105", "The signed in user is not assigned to a role for the application.")),
                        List.of(),
                        List.of(),
                        "",
                        Optional.empty(),
                        Branding.NONE));
        views.put(
                "done",
                MessagePage.done(
                        "All set",
                        USER + " can sign in now and is the administrator.",
                        Optional.of(new MessagePage.Link("Sign in", "https://a.example/"))));
        views.put(
                "fault",
                MessagePage.fault(
                        "You have no access to this application",
                        "Maximiliane Musterfrau is not assigned to " + APP + ". Ask your administrator for access.",
                        "AADSTS50105",
                        "0123456789abcdef0123456789abcdef",
                        "2026-11-22T08:00:00Z"));
        views.put(
                "fault-link",
                MessagePage.fault(
                                "Page not found",
                                "There is nothing at this address.",
                                "",
                                "0123456789abcdef0123456789abcdef",
                                "2026-11-22T08:00:00Z")
                        .withLink("My Apps", "https://myapps.example/"));
    }

    private static SignedOutPage signedOut(List<SignedOutPage.Application> applications, Optional<String> onward) {
        return new SignedOutPage(
                applications,
                List.of(),
                onward,
                new MessagePage.Link("Sign in again", "https://myapps.example/"),
                Branding.NONE);
    }

    private static Step step(String user) {
        return step(user, "", "", Branding.NONE);
    }

    private static Step wrong(String error, String code) {
        return step(USER, error, code, Branding.NONE);
    }

    private static Step branded() {
        String logo =
                "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFElEQVR4nGM4UVGBFTEMLYkTFRUAiQtjwVcTuFIAAAAASUVORK5CYII=";
        return step(
                USER,
                "",
                "",
                new Branding(Optional.of("Contoso Maschinenbau"), Optional.of("#b4283c"), Optional.of(logo)));
    }

    private static Step step(String user, String error, String code, Branding branding) {
        return new Step("/contoso/login", "c", "r", "t", APP, user, error, code, List.of(), branding);
    }
}
