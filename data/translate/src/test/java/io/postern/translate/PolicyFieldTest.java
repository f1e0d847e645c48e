package io.postern.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.translate.UrlMap.Mapping;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sources in `Content-Security-Policy` and CORS fields.
class PolicyFieldTest {
    private static final Mapping WIKI = new Mapping("http://wiki.corp:8080", "/", "https://wiki.example", "/");
    private static final LinkRules RULES =
            new LinkRules(new UrlMap(List.of(WIKI)), WIKI, EnumSet.of(LinkPlace.POLICY), Optional.empty());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "default-src 'self' http://wiki.corp:8080; img-src wiki.corp:8080 data:|default-src 'self' https://wiki.example; img-src https://wiki.example data:",
                "script-src http://wiki.corp:8080/js/ other.corp|script-src https://wiki.example/js/ other.corp",
                "http://wiki.corp:8080, https://a.example|https://wiki.example, https://a.example",
                "*|*",
                "frame-ancestors 'none'|frame-ancestors 'none'"
            })
    void publishedSourcesBecomeExternal(String inside, String outside) {
        assertEquals(outside, PolicyField.outward(inside, RULES));
    }
}
