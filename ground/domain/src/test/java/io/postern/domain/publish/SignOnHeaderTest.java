package io.postern.domain.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.InternalUrl;
import io.postern.domain.TenantId;
import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.claims.GroupClaim;
import io.postern.domain.claims.Person;
import io.postern.domain.claims.Person.Membership;
import io.postern.domain.claims.Rows;
import io.postern.domain.claims.Source;
import io.postern.domain.publish.BackendSignOn.Headers;
import io.postern.domain.publish.SignOnHeader.From;
import io.postern.domain.publish.SignOnHeader.Said;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What backends are told of users in header fields (3.3): nothing but one line of ASCII, which can be read back.
class SignOnHeaderTest {
    private static SignOnHeader header(HeaderEncoding encoding, boolean multivalued, char separator) {
        return new SignOnHeader(
                "X-User",
                "/",
                new From.Claim(Rows.of(Source.attribute("displayName"))),
                encoding,
                multivalued,
                separator,
                false);
    }

    private static SignOnHeader named(String name, String path) {
        return new SignOnHeader(
                name, path, new From.Claim(Rows.of(Source.constant("x"))), HeaderEncoding.PERCENT, false, ',', false);
    }

    private static SignOnHeader groups(GroupClaim claim, HeaderEncoding encoding) {
        return new SignOnHeader("X-Groups", "/", new From.Groups(claim), encoding, false, ',', false);
    }

    private static Person person(List<String> names, List<String> groups) {
        return new Person(
                new TenantId("11111111-1111-4111-8111-111111111111"),
                "22222222-2222-4222-8222-222222222222",
                "ann@contoso.example",
                Person.Kind.MEMBER,
                Map.of("displayName", names),
                groups.stream()
                        .map(name -> new Membership("id-" + name, name, true, false, Optional.empty()))
                        .toList(),
                Set.of(),
                List.of());
    }

    private static String said(SignOnHeader header, String... values) {
        Said said = header.said(person(List.of(values), List.of(values)), "pairwise");
        return assertInstanceOf(Said.Value.class, said).text();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            alice              | alice
            CORP\\alice        | CORP\\alice
            Ann Example        | Ann Example
            Müller, Zoë        | M%C3%BCller, Zo%C3%AB
            100%               | 100%25
            %0d%0aX-Admin: 1   | %250d%250aX-Admin: 1
            ` edge `           | %20edge%20
            \uD83D\uDE00       | %F0%9F%98%80
            """)
    void percentLeavesMostAsItIs(String value, String expected) {
        assertEquals(expected, said(header(HeaderEncoding.PERCENT, false, ','), value));
    }

    /// CR, LF, NUL and whatever else ends a line somewhere, in each encoding.
    @Test
    void noValueEndsTheLine() {
        var random = new Random(8);
        for (int i = 0; i < 20_000; i++) {
            var value = new StringBuilder();
            int length = 1 + random.nextInt(12);
            for (int k = 0; k < length; k++) {
                value.append(
                        switch (random.nextInt(4)) {
                            case 0 -> "\r\n\0\t\u007f\u0085\u2028,%;= ".charAt(random.nextInt(12));
                            case 1 -> (char) random.nextInt(0xd800);
                            default -> (char) ('a' + random.nextInt(26));
                        });
            }
            for (HeaderEncoding encoding : HeaderEncoding.values()) {
                for (boolean list : new boolean[] {false, true}) {
                    Said said = header(encoding, list, ',')
                            .said(person(List.of(value.toString(), "second"), List.of()), "p");
                    if (said instanceof Said.Value(String text)) {
                        assertTrue(text.chars().allMatch(c -> c >= ' ' && c < 0x7f), text);
                        assertEquals(text.strip(), text);
                        if (encoding == HeaderEncoding.PERCENT) {
                            String first = list ? text.substring(0, text.indexOf(',')) : text;
                            assertEquals(value.toString(), decoded(first));
                        }
                    } else {
                        assertEquals(HeaderEncoding.ASCII, encoding, "only ascii refuses");
                    }
                }
            }
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(chars = {',', ';', '|', ':', ' ', '~'})
    void noPartOfAListPassesForTwo(char separator) {
        String forged = "guests" + separator + "admins";
        SignOnHeader percent = header(HeaderEncoding.PERCENT, true, separator);
        List<String> parts = List.of(said(percent, forged, "staff").split("\\" + separator, -1));
        assertEquals(
                List.of(forged, "staff"),
                parts.stream().map(SignOnHeaderTest::decoded).toList());

        SignOnHeader base64 = header(HeaderEncoding.BASE64, true, separator);
        var read = new ArrayList<String>();
        for (String part : said(base64, forged, "staff").split("\\" + separator, -1)) {
            read.add(new String(Base64.getDecoder().decode(part), StandardCharsets.UTF_8));
        }
        assertEquals(List.of(forged, "staff"), read);

        Said refused =
                header(HeaderEncoding.ASCII, true, separator).said(person(List.of(forged, "staff"), List.of()), "p");
        assertTrue(assertInstanceOf(Said.Unfit.class, refused).why().contains("separator"));
    }

    @Test
    void groupsGoOutTogetherByTheNamesThatAreAskedFor() {
        GroupClaim byName = GroupClaim.of(GroupClaim.Which.ALL, GroupClaim.By.DISPLAY_NAME);
        assertEquals(
                "Sales,R&D,Caf%C3%A9%2C Bar",
                said(groups(byName, HeaderEncoding.PERCENT), "Sales", "R&D", "Café, Bar"));
        GroupClaim byId = GroupClaim.of(GroupClaim.Which.SECURITY, GroupClaim.By.ID);
        assertEquals("id-a,id-b", said(groups(byId, HeaderEncoding.PERCENT), "a", "b"));
        assertInstanceOf(
                Said.Nothing.class, groups(byId, HeaderEncoding.PERCENT).said(person(List.of(), List.of()), "p"));
    }

    @Test
    void tooManyGroupsAreNamedNotCut() {
        List<String> many = java.util.stream.IntStream.range(0, 500)
                .mapToObj(i -> "group-with-a-long-name-" + i)
                .toList();
        GroupClaim byName = GroupClaim.of(GroupClaim.Which.ALL, GroupClaim.By.DISPLAY_NAME);
        Said said = groups(byName, HeaderEncoding.PERCENT).said(person(List.of(), many), "p");
        String why = assertInstanceOf(Said.Unfit.class, said).why();
        assertTrue(why.contains("500 values") && why.contains("filter"), why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "X User",
                "X-User\r\nA",
                "X.User",
                "Ünser",
                "1-User",
                "Host",
                "cookie",
                "Content-Length",
                "content_type",
                "Transfer-Encoding",
                "transfer_encoding",
                "Connection",
                "Authorization",
                "TE",
                "Trailer",
                "Upgrade",
                "Forwarded",
                "X-Forwarded-User",
                "x_forwarded_for",
                "X-Real-IP",
                "postern-sign-on",
                "Postern_User",
                "Proxy",
                "Proxy-Authorization",
                "Sec-WebSocket-Key",
                "Expect",
                "X-Rewrite-URL",
                "X-HTTP-Method-Override",
                "If-Match",
                "Origin",
                "Referer"
            })
    void refusesNamesThatOthersNeed(String name) {
        ClaimsFault fault = assertThrows(ClaimsFault.class, () -> named(name, "/"));
        assertEquals("name", fault.field());
        assertTrue(String.valueOf(fault.getMessage()).contains("X-Remote-User"), fault.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "a/", "//", "/a//b", "/a/../b", "/..", "/./a", "/a?b", "/a#b", "/%61", "/a b", "/ä", "/a;b", "/a\\b"
            })
    void refusesPathsThatAreNone(String path) {
        assertEquals(
                "path",
                assertThrows(ClaimsFault.class, () -> named("X-User", path)).field());
    }

    @Test
    void twoOfOneNameNeedTwoPathsAndOneSpelling() {
        new Headers(List.of(named("X-User", "/"), named("x-user", "/admin/")));
        assertThrows(
                IllegalArgumentException.class, () -> new Headers(List.of(named("X-User", "/"), named("x-user", "/"))));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Headers(List.of(named("X-User", "/"), named("X_User", "/admin/"))));
        assertThrows(IllegalArgumentException.class, () -> new Headers(List.of()));
        assertEquals(Set.of("x-user"), new Headers(List.of(named("X_User", "/"))).reservedFields());
    }

    @Test
    void aPathMustBeOneThatTheApplicationPublishes() { // HDR-SSO-3
        var headers = new Headers(List.of(named("X-User", "/app/admin")));
        headers.checkWith(InternalUrl.parse("http://b.corp/app/"), false);
        headers.checkWith(InternalUrl.parse("http://b.corp/"), false);
        headers.checkWith(InternalUrl.parse("http://b.corp/other/"), true);
        new Headers(List.of(named("X-User", "/"))).checkWith(InternalUrl.parse("http://b.corp/app/"), false);
        IllegalArgumentException fault = assertThrows(
                IllegalArgumentException.class,
                () -> headers.checkWith(InternalUrl.parse("http://b.corp/application/"), false));
        assertTrue(String.valueOf(fault.getMessage()).contains("HDR-SSO-3"));
    }
}
