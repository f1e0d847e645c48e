package io.postern.domain.signon;

import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.publish.BackendSignOn.Headers;
import io.postern.domain.publish.HeaderEncoding;
import io.postern.domain.publish.SignOnHeader;
import io.postern.domain.publish.SignOnHeader.From;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Header sign-on of an application as plain maps, with the names of the API: `headers`, each with `name` and
/// either `configurations` as a claim has them or a `groupClaim`.
public final class HeadersDocument {
    private static final Map<String, HeaderEncoding> ENCODINGS =
            Arrays.stream(HeaderEncoding.values()).collect(Collectors.toMap(HeaderEncoding::text, one -> one));

    private HeadersDocument() {}

    /// @throws io.postern.domain.claims.ClaimsFault with the path of what is wrong
    /// @throws IllegalArgumentException when the headers do not go together
    public static Headers read(Map<String, ? extends @Nullable Object> document) {
        return Tree.read(document, tree -> new Headers(tree.all("headers", HeadersDocument::header)));
    }

    private static SignOnHeader header(Tree tree) {
        return new SignOnHeader(
                tree.need("name"),
                tree.text("path").orElse("/"),
                from(tree),
                tree.word("encoding", HeaderEncoding.PERCENT, ENCODINGS),
                tree.flag("multivalued", false),
                separator(tree.text("separator").orElse(String.valueOf(SignOnHeader.DEFAULT_SEPARATOR))),
                tree.flag("required", false));
    }

    private static From from(Tree tree) {
        boolean claim = tree.has("configurations");
        boolean groups = tree.has("groupClaim");
        if (claim == groups) {
            throw new ClaimsFault("", "give one of configurations and groupClaim, not " + (claim ? "both" : "neither"));
        }
        return groups
                ? new From.Groups(
                        tree.child("groupClaim", ClaimsDocument::groupClaim).orElseThrow())
                : new From.Claim(ClaimsDocument.rows(tree));
    }

    private static char separator(String text) {
        if (text.length() != 1) {
            throw new ClaimsFault("separator", "'" + text + "' has " + text.length() + " characters; give one");
        }
        return text.charAt(0);
    }

    public static Map<String, Object> write(Headers headers) {
        return Words.map(
                "headers",
                headers.headers().stream().map(HeadersDocument::header).toList());
    }

    private static Map<String, Object> header(SignOnHeader header) {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", header.name());
        map.put("path", header.path());
        map.put("encoding", header.encoding().text());
        map.put("multivalued", header.multivalued());
        map.put("separator", String.valueOf(header.separator()));
        map.put("required", header.required());
        switch (header.from()) {
            case From.Claim(var rows) -> map.put("configurations", ClaimsDocument.rows(rows));
            case From.Groups(var groups) -> map.put("groupClaim", ClaimsDocument.groupClaim(groups));
        }
        return map;
    }
}
