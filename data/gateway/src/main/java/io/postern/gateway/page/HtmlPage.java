package io.postern.gateway.page;

import io.postern.domain.ExternalDoor;
import io.postern.domain.publish.Branding;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import java.util.stream.Collectors;

/// One self-contained page: the style is inline and allowed by its hash, nothing is loaded, nothing is
/// scripted. Every value that is not ours is escaped.
final class HtmlPage {
    private static final String BRAND = """
            <span class="brand"><svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">\
            <rect class="stone" width="32" height="32" rx="8"/><path class="arch" d="M8 25.5V15a8 8 0 0 1 16 0v10.5"/>\
            <path class="door" d="M12.2 25.5V15.4a3.8 3.8 0 0 1 7.6 0v10.1z"/><circle class="knob" cx="17.7" cy="19.4" r="1"/>\
            <path class="arch" d="M5.5 25.5h21"/></svg><span>Postern</span></span>
            """;

    private final String style = style();
    private final String contentSecurityPolicy = policy(style, false);

    /// The page may be shown in a frame, as a framed application's fault has to be seen too; it holds
    /// nothing worth a forged click.
    String contentSecurityPolicy(Branding brand) {
        return brand.equals(Branding.NONE)
                ? contentSecurityPolicy
                : policy(style(brand), brand.logo().isPresent());
    }

    private static String policy(String style, boolean logo) {
        return "default-src 'none'; style-src 'sha256-" + sha256(style) + "'; "
                + (logo ? "img-src data:; " : "")
                + "base-uri 'none'; form-action 'none'";
    }

    private String style(Branding brand) {
        return brand.style().map(own -> style + own).orElse(style);
    }

    private static String brand(Branding brand) {
        if (brand.name().isEmpty() && brand.logo().isEmpty()) {
            return BRAND;
        }
        String logo = brand.logoUrl()
                .map(url -> "<img src=\"" + escape(url) + "\" alt=\"\" height=\"32\">")
                .orElse("");
        String name = brand.name().map(n -> "<span>" + escape(n) + "</span>").orElse("");
        return "<span class=\"brand\">" + logo + name + "</span>\n";
    }

    /// @param repeatable the request can be sent again by following a link
    String render(
            Texts texts, ErrorKind kind, Remark remark, ErrorPages.Facts facts, boolean repeatable, Branding brand) {
        Texts.Said said = texts.said(kind);
        String more = texts.said(remark);
        return """
                <!doctype html>
                <html lang="%s">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="robots" content="noindex">
                <title>%s</title>
                <style>%s</style>
                </head>
                <body>
                <main>
                %s<h1>%s</h1>
                <p>%s</p>
                %s<h2>%s</h2>
                <ul>
                %s
                </ul>
                %s<dl>
                <div><dt>%s</dt><dd>%d %s</dd></div>
                <div><dt>%s</dt><dd>%s</dd></div>
                <div><dt>%s</dt><dd><time datetime="%s">%s</time></dd></div>
                </dl>
                </main>
                </body>
                </html>
                """.formatted(
                texts.language(),
                escape(said.heading()),
                style(brand),
                brand(brand),
                escape(said.heading()),
                escape(said.explanation()),
                more.isEmpty() ? "" : "<blockquote>" + escape(more) + "</blockquote>\n",
                escape(texts.text("page.advice")),
                said.advice().stream().map(a -> "<li>" + escape(a) + "</li>").collect(Collectors.joining("\n")),
                actions(texts, kind, remark, repeatable),
                escape(texts.text("page.status")),
                kind.status(),
                escape(said.status()),
                escape(texts.text("page.exchange")),
                escape(facts.exchange()),
                escape(texts.text("page.time")),
                escape(facts.time()),
                escape(facts.time()));
    }

    // an empty reference is the address of the page itself
    private static String actions(Texts texts, ErrorKind kind, Remark remark, boolean repeatable) {
        var actions = new StringBuilder();
        if (remark.retry().isPresent()) {
            actions.append(link(
                    remark.retry().get(),
                    "",
                    texts.text(kind == ErrorKind.NO_ACCOUNT ? "link.password" : "link.start")));
        } else if (kind.isPassing() && repeatable) {
            actions.append(link("", "", texts.text("link.again")));
        }
        if (kind == ErrorKind.FORBIDDEN || kind == ErrorKind.SIGN_IN_DENIED) {
            actions.append(link(ExternalDoor.SIGN_OUT, "quiet", texts.text("link.account")));
        }
        return actions.isEmpty() ? "" : "<div class=\"actions\">" + actions + "</div>\n";
    }

    private static String link(String href, String look, String label) {
        return "<a" + (look.isEmpty() ? "" : " class=\"" + look + '"') + " href=\"" + escape(href) + "\">"
                + escape(label) + "</a>";
    }

    static String escape(String text) {
        var out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    private static String style() {
        try (InputStream in = HtmlPage.class.getResourceAsStream("error.css")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
