package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.DoorFields;
import io.postern.domain.ObjectId;
import io.postern.store.ProfileStore;
import io.postern.store.User;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// My Apps as users and approvers use it, by its pages and forms alone: no script is needed.
class MyAppsPagesTest {
    private static final Pattern TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    private static final Pattern REQUEST = Pattern.compile("name=\"request\" value=\"([^\"]+)\"");

    @TempDir
    Path folder;

    private Installation service;
    private User approver;
    private User asker;
    private String principal;

    @BeforeEach
    void open() {
        service = new Installation(folder);
        approver = service.someone("approver", "Ada Approver");
        asker = service.someone("asker", "Abel Asker");
        String appId = service.post(
                        "/applications",
                        "{\"displayName\":\"Wiki\",\"onPremisesPublishing\":{\"internalUrl\":\"http://wiki.corp/\"}}")
                .text("/appId");
        principal = service.get("/servicePrincipals?$filter=appId%20eq%20'" + appId + "'")
                .text("/value/0/id");
        service.api(
                "PUT",
                "/servicePrincipals/" + principal + "/accessRequestSettings",
                "{\"approverIds\":[\"" + approver.id() + "\"],\"durationInDays\":90}");
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Response page(User user, String path) {
        return service.myApps(path, Map.of(DoorFields.SUBJECT, user.tenant() + "/" + user.id() + "/"));
    }

    private static String cookie(Response page) {
        return page.raw().headers().firstValue("set-cookie").orElse("").split(";", 2)[0];
    }

    private static String found(Pattern pattern, Response page) {
        Matcher matcher = pattern.matcher(page.raw().body());
        assertTrue(matcher.find(), page.raw().body());
        return matcher.group(1);
    }

    private Response send(User user, Response page, String path, String form) {
        return service.myAppsForm(user, path, cookie(page), "csrf=" + encode(found(TOKEN, page)) + "&" + form);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void aUserAsksAnApproverAgreesAndTheTileIsThere() {
        assertFalse(page(asker, "/").raw().body().contains(">Wiki<"));
        Response offers = page(asker, "/requests");
        assertTrue(
                offers.raw().body().contains("<strong>Wiki</strong>"),
                offers.raw().body());
        assertTrue(offers.raw().body().contains("Somebody has to agree, for 90 days"));

        Response asked = send(asker, offers, "/requests", "do=ask&target=" + principal + "&reason=I%20write%20it");
        assertEquals(303, asked.status(), asked.raw().body());
        assertEquals(
                "/requests?done=asked",
                asked.raw().headers().firstValue("location").orElse(""));
        assertTrue(page(asker, "/requests?done=asked").raw().body().contains("is with those who decide"));

        assertTrue(page(approver, "/").raw().body().contains("class=\"badge\">1<"), "his badge");
        Response inbox = page(approver, "/approvals");
        assertTrue(
                inbox.raw().body().contains("Abel Asker asks for Wiki"),
                inbox.raw().body());
        assertTrue(inbox.raw().body().contains("I write it"));
        String decision = "do=grant&answer=&request=" + found(REQUEST, inbox);
        assertEquals(303, send(approver, inbox, "/approvals", decision).status());

        assertTrue(page(asker, "/").raw().body().contains("<strong>Wiki</strong>"), "ASG-1");
        assertTrue(page(asker, "/requests").raw().body().contains("Granted"));
        assertTrue(page(approver, "/approvals").raw().body().contains("Nothing waits for you"));
        assertEquals(409, send(approver, inbox, "/approvals", decision).status(), "decided already");
    }

    @Test
    void anOfferShowsTheLogoAndNobodyElseGetsIt() {
        String application =
                service.get("/applications?$filter=displayName%20eq%20'Wiki'").text("/value/0/id");
        String appId = service.get("/applications/" + application).text("/appId");
        byte[] png = Base64.getDecoder()
                .decode(
                        "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFElEQVR4nGM4UVGBFTEMLYkTFRUAiQtjwVcTuFIAAAAASUVORK5CYII=");
        service.store.write(stores -> {
            stores.profiles()
                    .setLogo(
                            service.tenant.id(),
                            new ObjectId(application),
                            Optional.of(new ProfileStore.Logo(
                                    "image/png", Base64.getEncoder().encodeToString(png))));
            return true;
        });

        String offers = page(asker, "/requests").raw().body();
        assertTrue(offers.contains("src=\"/logos/" + appId + "\""), offers);
        assertEquals(200, page(asker, "/logos/" + appId).status());

        service.api("DELETE", "/servicePrincipals/" + principal + "/accessRequestSettings", "");
        assertEquals(404, page(asker, "/logos/" + appId).status(), "what is not offered is not shown");
    }

    @Test
    void whatSomebodyElseMadeTheBrowserSendIsNotDone() {
        Response offers = page(asker, "/requests");
        String form = "do=ask&reason=x&target=" + principal;
        assertEquals(
                409,
                service.myAppsForm(asker, "/requests", cookie(offers), form).status(),
                "no token");
        Response other = page(asker, "/requests");
        assertEquals(
                409,
                service.myAppsForm(
                                asker, "/requests", cookie(other), "csrf=" + encode(found(TOKEN, offers)) + "&" + form)
                        .status(),
                "another browser's token");
        Response inbox = page(asker, "/approvals");
        assertFalse(TOKEN.matcher(inbox.raw().body()).find(), "nothing to send there");
        assertEquals("[]", service.get("/accessRequests").json().path("value").toString());
    }

    @Test
    void aReasonIsNeededAndTheRequestCanBeWithdrawn() {
        Response offers = page(asker, "/requests");
        assertEquals(
                409,
                send(asker, offers, "/requests", "do=ask&reason=%20&target=" + principal)
                        .status());
        assertEquals(
                303,
                send(asker, offers, "/requests", "do=ask&reason=x&target=" + principal)
                        .status());
        Response waiting = page(asker, "/requests");
        String id = found(REQUEST, waiting);
        assertEquals(
                409,
                send(approver, page(approver, "/approvals"), "/requests", "do=withdraw&request=" + id)
                        .status());
        assertEquals(
                303,
                send(asker, waiting, "/requests", "do=withdraw&request=" + id).status());
        assertEquals("withdrawn", service.get("/accessRequests").text("/value/0/status"));
    }

    private String assigned(String name) {
        String appId = service.post(
                        "/applications",
                        "{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{\"internalUrl\":\"http://" + name
                                + ".corp/\"}}")
                .text("/appId");
        String id = service.get("/servicePrincipals?$filter=appId%20eq%20'" + appId + "'")
                .text("/value/0/id");
        service.post("/servicePrincipals/" + id + "/appRoleAssignedTo", "{\"principalId\":\"" + asker.id() + "\"}");
        return id;
    }

    private List<String> tiles(User user, String path) {
        return Pattern.compile("tile-text\"><strong>([^<]+)<")
                .matcher(page(user, path).raw().body())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void aUserArrangesHisTilesAndNobodyElses() {
        String alpha = assigned("alpha");
        String beta = assigned("beta");
        assigned("gamma");
        assertEquals(List.of("alpha", "beta", "gamma"), tiles(asker, "/"));
        Response arrange = page(asker, "/arrange");
        assertEquals(303, send(asker, arrange, "/arrange", "do=up&app=" + beta).status());
        assertEquals(
                303, send(asker, arrange, "/arrange", "do=hide&app=" + alpha).status());
        assertEquals(List.of("beta", "gamma"), tiles(asker, "/"));
        assertEquals(List.of("alpha"), tiles(asker, "/?search=ALPH"), "what one looks for one finds");
        assertEquals(
                303, send(asker, arrange, "/arrange", "do=show&app=" + alpha).status());
        assertEquals(List.of("beta", "alpha", "gamma"), tiles(asker, "/"));

        assertEquals(
                409, send(asker, arrange, "/arrange", "do=up&app=" + principal).status(), "he has no tile of it");
        assertEquals(
                409,
                send(asker, arrange, "/arrange", "do=create&name=" + "x".repeat(121))
                        .status());
        assertEquals(
                303, send(asker, arrange, "/arrange", "do=create&name=Daily").status());
        String collection = found(Pattern.compile("name=\"collection\" value=\"([^\"]+)\""), page(asker, "/arrange"));
        String put = "do=put&collection=" + collection + "&app=" + alpha;
        assertEquals(303, send(asker, arrange, "/arrange", put).status());
        assertEquals(List.of("alpha"), tiles(asker, "/?collection=" + collection));
        assertTrue(page(asker, "/").raw().body().contains(">Daily</a>"));

        Response other = page(approver, "/arrange");
        assertEquals(409, send(approver, other, "/arrange", put).status(), "not his");
        assertEquals(
                409,
                send(approver, other, "/arrange", "do=remove&collection=" + collection)
                        .status());
        assertEquals(404, service.get("/appCollections/" + collection).status(), "nor an administrator's");
        assertEquals(
                303,
                send(asker, arrange, "/arrange", "do=remove&collection=" + collection)
                        .status());
        assertFalse(page(asker, "/").raw().body().contains("Daily"));
    }

    @Test
    void anAdministratorsCollectionShowsWhatOneHasAndGivesNothing() {
        String alpha = assigned("alpha");
        String beta = assigned("beta");
        String group = service.post("/groups", "{\"displayName\":\"Shift\"}").text("/id");
        String collection = service.post(
                        "/appCollections",
                        "{\"displayName\":\"Morning\",\"description\":\"From six o'clock\",\"appIds\":[\"" + beta
                                + "\",\"" + principal + "\",\"" + alpha + "\"],\"principalIds\":[\"" + group + "\"]}")
                .text("/id");
        assertFalse(page(asker, "/").raw().body().contains("Morning"), "not for him");
        service.post("/groups/" + group + "/members/$ref", "{\"@odata.id\":\"/users/" + asker.id() + "\"}");
        assertTrue(page(asker, "/").raw().body().contains(">Morning</a>"));
        String shown = "/?collection=" + collection;
        assertEquals(List.of("beta", "alpha"), tiles(asker, shown), "in its order, and no more than he has (ASG-1)");
        assertTrue(page(asker, shown).raw().body().contains("From six o"));

        assertEquals(
                400,
                service.post("/appCollections", "{\"displayName\":\"x\",\"appIds\":[\"y\"]}")
                        .status());
        assertEquals(
                400, service.post("/appCollections", "{\"displayName\":\" \"}").status());
        service.delete("/appCollections/" + collection);
        assertFalse(page(asker, "/").raw().body().contains("Morning"));
    }

    @Test
    void nobodyIsShownAnythingWithoutTheGatewaysWord() {
        for (String path : new String[] {"/requests", "/approvals", "/arrange"}) {
            assertEquals(403, service.myApps(path, Map.of()).status(), path);
        }
        service.patch("/users/" + asker.id(), "{\"accountEnabled\":false}");
        assertEquals(403, page(asker, "/requests").status(), "disabled");
    }
}
