package io.postern.gateway.signon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which of several fields of one name a request carries (HDR-SSO-3), and that no spelling of a path gets the
/// one of another folder than the backend will serve.
class FieldsByPathTest {
    private static final OnwardFields FIELDS = new OnwardFields(
            Set.of("x-user"),
            List.of(
                    field("x-user", "alice", "/"),
                    field("x-user", "boss", "/Wiki/deep"),
                    field("x-user", "", "/wiki/mute/"),
                    field("x-other", "always", "/")),
            List.of());

    private static OnwardFields.Field field(String name, String value, String path) {
        return new OnwardFields.Field(AsciiString.of(name), AsciiString.of(value), path);
    }

    private static Http2Headers at(String target) {
        var fields = new DefaultHttp2Headers();
        FIELDS.addTo(fields, target);
        assertEquals("always", String.valueOf(fields.get("x-other")), "says the same everywhere");
        return fields;
    }

    private static List<String> users(String target) {
        return at(target).getAll("x-user").stream().map(CharSequence::toString).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/Wiki/deep", "/Wiki/deep/", "/Wiki/deep/er", "/Wiki/deep?x=/"})
    void theLongestPathDecides(String target) {
        assertEquals(List.of("boss"), users(target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/Wiki", "/Wiki/", "/Wiki/deeper", "/a/Wiki/deep", "/x?/Wiki/deep", "/x?a=%2FWiki%2Fdeep"})
    void anotherFolderIsToldWhatTheOneAboveIs(String target) {
        assertEquals(List.of("alice"), users(target));
    }

    @Test
    void aFolderThatIsToldNothingIsToldNothing() {
        assertEquals(List.of(), users("/wiki/mute/x"));
    }

    /// Some backends decode once or twice, drop parameters, merge slashes, or ignore case and dots at the end.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/wiki/deep",
                "/WIKI/DEEP/",
                "/Wiki/%64eep",
                "/Wiki%2Fdeep",
                "/Wiki/%2564eep/x",
                "/Wiki//deep",
                "//Wiki/deep",
                "/Wiki;a=1/deep",
                "/Wiki/deep;jsessionid=1",
                "/Wiki/deep%3Bx",
                "/Wiki/deep%3fx",
                "/Wiki/deep./x",
                "/Wiki/deep%20",
                "/Wiki/deep%2Fer"
            })
    void whereABackendMayReadAnotherFolderNobodyIsNamed(String target) {
        assertEquals(List.of(), users(target));
    }
}
