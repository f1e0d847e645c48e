package io.postern.connector.form;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/// What an application said during a sign-in.
///
/// @param at path with query that was asked
/// @param type of the body, as the application says it
/// @param location where it redirects to, a path of the same backend
/// @param elsewhere scheme and host of another server to which it redirects, which is not followed
/// @param cookies values of `Set-Cookie`
@SuppressWarnings("ArrayRecordComponent") // never compared
record FormAnswer(
        String at,
        int status,
        String type,
        Optional<String> location,
        Optional<String> elsewhere,
        List<String> cookies,
        byte[] body) {
    private static final Pattern CHARSET = Pattern.compile("charset\\s*=\\s*\"?([A-Za-z0-9._:-]{1,40})");

    FormAnswer {
        cookies = List.copyOf(cookies);
    }

    boolean redirects() {
        return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308)
                && location.isPresent();
    }

    String text() {
        return new String(body, charset().orElse(StandardCharsets.UTF_8));
    }

    Optional<Document> page() {
        String media = type.toLowerCase(Locale.ROOT);
        return media.contains("html") ? Optional.of(Jsoup.parse(text(), "http://backend" + at)) : Optional.empty();
    }

    /// The first form with a password in it.
    Optional<LoginForm> form() {
        return page().flatMap(page -> LoginForm.find(page, at, LoginSettings.at(at)));
    }

    Optional<LoginForm> form(LoginSettings settings) {
        return page().flatMap(page -> LoginForm.find(page, at, settings));
    }

    List<LoginForm.Judged> forms(LoginSettings settings) {
        return page().map(page -> LoginForm.all(page, at, settings)).orElseGet(List::of);
    }

    /// Of the cookies that it sets.
    List<String> cookieNames() {
        return cookies.stream()
                .map(text -> text.split("[=;]", 2)[0].strip())
                .distinct()
                .toList();
    }

    private Optional<Charset> charset() {
        Matcher matcher = CHARSET.matcher(type.toLowerCase(Locale.ROOT));
        try {
            return matcher.find() ? Optional.of(Charset.forName(matcher.group(1))) : Optional.empty();
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }
}
