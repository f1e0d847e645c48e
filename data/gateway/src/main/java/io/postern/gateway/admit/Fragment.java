package io.postern.gateway.admit;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.RequestCookies;
import io.postern.gateway.exchange.RequestHead;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/// Brings what stands behind `#` in a URL through sign-in (PUB-14). It is never sent, so only a page can keep it:
/// in place of the redirect to sign-in goes a page whose script puts it into the tab's own storage and goes on, and
/// when the user comes back another one takes it out (docs/decisions/2026-11-21-fragment-through-sign-in.md).
/// Without script the first page redirects as before, and the fragment is lost as before.
final class Fragment {
    private static final String KEEP = "(function(){var go=document.getElementById('go').href;"
            + "try{if(location.hash.length>1){"
            + "sessionStorage.setItem('postern-fragment',location.pathname+location.search+location.hash);"
            + "document.cookie='__Host-postern-fragment=1; Path=/; Secure; SameSite=Lax; Max-Age=900'}}catch(e){}"
            + "location.replace(go)})()";

    /// Only for the page that it was kept for: the user may have gone elsewhere in between.
    private static final String RESTORE = "(function(){var back=new URL(document.getElementById('go').href),kept='';"
            + "try{kept=sessionStorage.getItem('postern-fragment')||'';"
            + "sessionStorage.removeItem('postern-fragment')}catch(e){}"
            + "var cut=kept.indexOf('#');"
            + "if(cut>0&&kept.slice(0,cut)===back.pathname+back.search)back.hash=kept.slice(cut);"
            + "location.replace(back.href)})()";

    private static final String COOKIE = "__Host-postern-fragment";
    private static final String NO_COOKIE = COOKIE + "=; Path=/; Secure; SameSite=Lax; Max-Age=0";

    private Fragment() {}

    /// In place of [Answers#redirect] to sign-in, where a browser loads a page into a window of its own.
    static Answer leave(RequestHead head, String location, String outcome, String... cookies) {
        return isWindow(head) ? page(location, KEEP, outcome, cookies) : Answers.redirect(location, outcome, cookies);
    }

    /// In place of [Answers#redirect] back to the application: the page only where something was kept.
    static Answer comeBack(RequestHead head, String location, String outcome, String cookie) {
        boolean kept = RequestCookies.find(head.fields(), COOKIE)
                .value()
                .map(AsciiString::toString)
                .isPresent();
        return isWindow(head) && kept
                ? page(location, RESTORE, outcome, cookie, NO_COOKIE)
                : Answers.redirect(location, outcome, cookie);
    }

    private static boolean isWindow(RequestHead head) {
        return head.method().equals("GET")
                && "document".contentEquals(head.fields().get("sec-fetch-dest", ""));
    }

    private static Answer page(String location, String script, String outcome, String... cookies) {
        String url = location.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
        String body = """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="color-scheme" content="light dark">
                <meta name="robots" content="noindex">
                <title>One moment</title>
                <noscript><meta http-equiv="refresh" content="0;url=%s"></noscript>
                </head>
                <body>
                <noscript><p><a href="%s">Go on</a></p></noscript>
                <a id="go" href="%s" hidden>Go on</a>
                <script>%s</script>
                </body>
                </html>
                """.formatted(url, url, url, script);
        Http2Headers fields = new DefaultHttp2Headers()
                .set("content-type", "text/html; charset=utf-8")
                .set("cache-control", "no-store")
                .set("referrer-policy", "no-referrer")
                .set("x-content-type-options", "nosniff")
                .set(
                        "content-security-policy",
                        "default-src 'none'; script-src 'sha256-" + sha256(script)
                                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        for (String cookie : cookies) {
            fields.add("set-cookie", cookie);
        }
        return new Answer(200, fields, body, outcome, Optional.empty());
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
