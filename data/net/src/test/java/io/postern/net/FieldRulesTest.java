package io.postern.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldRulesTest {
    /// RFC 9110 §7.6.1.
    @Nested
    class HopByHop {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "transfer-encoding",
                    "upgrade",
                    "http2-settings",
                    "proxy-authorization",
                    "proxy-authenticate"
                })
        void neverPasses(String name) {
            Http2Headers fields = fields(name, "x");

            FieldRules.removeHopByHop(fields);

            assertFalse(fields.contains(name));
        }

        @Test
        void whatConnectionNamesGoesWithIt() {
            Http2Headers fields = fields("connection", "close, X-One", "connection", " ,x-two ,", "x-one", "1");
            fields.add("x-two", "2").add("x-three", "3");

            List<AsciiString> named = FieldRules.removeHopByHop(fields);

            assertEquals(
                    List.of("close", "x-one", "x-two"),
                    named.stream().map(AsciiString::toString).toList());
            assertEquals(1, fields.size());
            assertEquals("3", fields.get("x-three").toString());
        }

        /// A client must not change a message's length or meaning by naming its fields.
        @ParameterizedTest
        @ValueSource(strings = {"content-length", "host", "content-type"})
        void whatFramesTheMessageStays(String name) {
            Http2Headers fields = fields("connection", name, name, "5");

            FieldRules.removeHopByHop(fields);

            assertEquals("5", fields.get(name).toString());
        }

        /// RFC 9113 §8.2.2.
        @ParameterizedTest
        @CsvSource({"trailers,trailers", "'gzip, Trailers',trailers", "gzip,", "'trailers;q=0.5',"})
        void teStaysAsTrailersOnly(String te, String expected) {
            Http2Headers fields = fields("te", te);

            FieldRules.removeHopByHop(fields);

            CharSequence left = fields.get("te");
            assertEquals(expected, left == null ? null : left.toString());
        }
    }

    @Nested
    class FromHttp1 {
        @Test
        void namesBecomeLowerCaseAndOrderStays() {
            HttpHeaders http1 = new DefaultHttpHeaders()
                    .add("Host", "a.example")
                    .add("X-B", "1")
                    .add("Set-Cookie", "a=1")
                    .add("x-b", "2");

            Http2Headers fields = FieldRules.toHttp2(http1);

            assertEquals(
                    List.of("1", "2"),
                    fields.getAll("x-b").stream().map(Object::toString).toList());
            assertEquals("a=1", fields.get("set-cookie").toString());
            assertFalse(fields.contains("host"));
        }

        @Test
        void hopByHopFieldsStayBehind() {
            HttpHeaders http1 = new DefaultHttpHeaders()
                    .add("Connection", "Keep-Alive, X-Mine")
                    .add("Keep-Alive", "5")
                    .add("Transfer-Encoding", "chunked")
                    .add("X-Mine", "1")
                    .add("TE", "gzip;q=1, trailers")
                    .add("Accept", "*/*");

            Http2Headers fields = FieldRules.toHttp2(http1);

            assertEquals(2, fields.size());
            assertEquals("trailers", fields.get("te").toString());
            assertEquals("*/*", fields.get("accept").toString());
        }

        @Test
        void lowerCaseLeavesNothingOut() {
            Http2Headers fields = FieldRules.lowerCase(
                    new DefaultHttpHeaders().add("Connection", "x").add("Host", "a"));

            assertEquals("x", fields.get("connection").toString());
            assertEquals("a", fields.get("host").toString());
        }
    }

    @Nested
    class ToHttp1 {
        /// RFC 9113 §8.2.3.
        @Test
        void cookieCrumbsAreJoined() {
            Http2Headers fields = fields("cookie", "a=1", "cookie", "b=2", "cookie", "c=3");
            HttpHeaders http1 = new DefaultHttpHeaders();

            FieldRules.toHttp1(fields, http1);

            assertEquals(List.of("a=1; b=2; c=3"), http1.getAll("cookie"));
        }

        @Test
        void pseudoAndConnectionFieldsStayBehind() {
            Http2Headers fields = fields("x-a", "1", "connection", "x", "upgrade", "h2c")
                    .path("/")
                    .status("200");
            HttpHeaders http1 = new DefaultHttpHeaders();

            FieldRules.toHttp1(fields, http1);

            assertEquals(1, http1.size());
            assertEquals("1", http1.get("x-a"));
        }
    }

    /// RFC 9110 §5.6.2.
    @ParameterizedTest
    @CsvSource({
        "x-a,true",
        "X_a,true",
        "!#$%&'*+-.^_`|~0,true",
        "'',false",
        "'x a',false",
        "x:,false",
        ":path,false",
        "x\u00e4,false",
        "'x\t',false",
        "(x),false"
    })
    void aNameIsAToken(String name, boolean expected) {
        assertEquals(expected, FieldRules.isName(name));
    }

    /// RFC 9110 §5.5, RFC 9113 §8.2.1.
    @Test
    void aValueSplitsNoMessage() {
        for (String good : List.of("", "a", "a b", "a\tb", "\u00e4", "a,b;c=\"d\"")) {
            assertTrue(FieldRules.isValue(good), good);
        }
        for (String bad :
                List.of("a\r\nb", "a\nb", "a\rb", "a\u0000", "\u0001", "\u007f", " a", "a ", "\ta", "a\u0100")) {
            assertFalse(FieldRules.isValue(bad), bad);
        }
    }

    private static Http2Headers fields(String... namesAndValues) {
        Http2Headers fields = new DefaultHttp2Headers(false);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }
}
