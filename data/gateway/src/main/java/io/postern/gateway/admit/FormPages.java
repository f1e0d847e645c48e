package io.postern.gateway.admit;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.gateway.exchange.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/// The pages that carry a kept form post through sign-in. Each goes on by itself; without script the first has a
/// button.
final class FormPages {
    /// Name of the only field that our own form sends, as `text/plain`: no other form of a sign-in does.
    static final String FIELD = "postern-kept";

    private static final String SEND = "document.forms[0].submit()";

    private static final String KEEP = "(function(){var f=document.forms[0],u=new URL(f.action);"
            + "try{sessionStorage.setItem('postern-form',u.pathname+u.search+'\\n'+f.elements[0].value)}catch(e){}"
            + "location.replace(document.getElementById('go').href)})()";

    /// Only for the place that it was kept for: the user may have gone elsewhere in between.
    private static final String RESTORE = "(function(){var f=document.forms[0],kept='',"
            + "back=new URL(document.getElementById('go').href);"
            + "try{kept=sessionStorage.getItem('postern-form')||'';"
            + "sessionStorage.removeItem('postern-form')}catch(e){}"
            + "var cut=kept.indexOf('\\n');"
            + "if(cut>0&&kept.slice(0,cut)===back.pathname+back.search){f.elements[0].value=kept.slice(cut+1);f.submit()}"
            + "else location.replace(back.href)})()";

    private FormPages() {}

    /// Sends the form again, now as a page of the application's own host, so that the browser shows its cookies.
    static Answer again(String back, String sealed, String cookie) {
        String button = "<noscript><p><button>Go on</button></p></noscript>";
        return page(back, sealed, button, SEND, "form_kept", cookie);
    }

    /// To sign-in, while the tab keeps the form.
    static Answer leave(String back, String sealed, String location, String... cookies) {
        return page(back, sealed, go(location), KEEP, "challenged", cookies);
    }

    /// Back from sign-in.
    static Answer comeBack(String back, String outcome, String... cookies) {
        return page(back, "", go(back), RESTORE, outcome, cookies);
    }

    private static String go(String location) {
        String url = escaped(location);
        return "<a id=\"go\" href=\"" + url + "\" hidden>Go on</a><noscript><p><a href=\"" + url
                + "\">Go on</a></p></noscript>";
    }

    private static Answer page(
            String action, String sealed, String more, String script, String outcome, String... cookies) {
        String body = """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="color-scheme" content="light dark">
                <meta name="robots" content="noindex">
                <title>One moment</title>
                </head>
                <body>
                <form method="post" enctype="text/plain" action="%s"><input type="hidden" name="%s" value="%s">%s</form>
                <script>%s</script>
                </body>
                </html>
                """.formatted(escaped(action), FIELD, sealed, more, script);
        // no form-action: browsers hold the backend's redirect to it too, which may lead anywhere
        Http2Headers fields = new DefaultHttp2Headers()
                .set("content-type", "text/html; charset=utf-8")
                .set("cache-control", "no-store")
                .set("referrer-policy", "no-referrer")
                .set("x-content-type-options", "nosniff")
                .set(
                        "content-security-policy",
                        "default-src 'none'; script-src 'sha256-" + sha256(script) + "'; base-uri 'none'");
        for (String cookie : cookies) {
            fields.add("set-cookie", cookie);
        }
        return new Answer(200, fields, body, outcome, Optional.empty());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
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
