package io.postern.connector.form;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.FormElement;

/// Tells an application that a session is over, as its own pages would: by the link that they show, with its token
/// against forgery, and by the button that asks whether it is meant. Blocking.
final class Logout {
    private static final Pattern SAYS_SO = Pattern.compile("(?i)(log|sign)[-_]?(out|off)");

    private final FormBackend backend;
    private final LoginSettings settings;
    private final LoginCookies cookies;

    Logout(FormBackend backend, LoginSettings settings, LoginCookies cookies) {
        this.backend = backend;
        this.settings = settings;
        this.cookies = cookies;
    }

    /// Whether a request ends the session by its own wish.
    static boolean isMeant(String path, LoginSettings settings) {
        return SAYS_SO.matcher(path).find()
                || settings.signOut()
                        .filter(out -> PageAddress.of(out).isAt(path))
                        .isPresent();
    }

    /// @param path as the administrator says it, without a token
    /// @throws LoginFault when the application cannot be asked
    void at(String path) {
        FormAnswer shown = get(settings.page());
        if (shown.redirects()) { // who is signed in has nothing to do on the sign-on page
            shown = get(shown.location().orElseThrow());
        }
        FormAnswer answer = get(link(shown, PageAddress.of(path)).orElse(path));
        Optional<FormElement> question = answer.page().flatMap(Logout::question);
        if (question.isPresent()) {
            confirm(question.get(), answer.at());
        }
    }

    private static Optional<String> link(FormAnswer shown, PageAddress wanted) {
        return shown.page().stream()
                .flatMap(page -> page.select("a[href]").stream())
                .flatMap(link -> LoginForm.path(shown.at(), link.attr("href").strip()).stream())
                .filter(wanted::isAt)
                .findFirst();
    }

    private static Optional<FormElement> question(Document page) {
        return page.select("form[method]").stream()
                .map(form -> (FormElement) form)
                .filter(form -> form.attr("method").equalsIgnoreCase("post") && saysSo(form))
                .findFirst();
    }

    private static boolean saysSo(FormElement form) {
        return SAYS_SO.matcher(form.attr("action")).find()
                || form.elements().stream()
                        .map((Element field) -> field.attr("name"))
                        .anyMatch(name -> SAYS_SO.matcher(name).find());
    }

    private void confirm(FormElement form, String at) {
        Optional<String> action = form.attr("action").isBlank()
                ? Optional.of(at)
                : LoginForm.path(at, form.attr("action").strip());
        if (action.isEmpty()) {
            return; // another host's
        }
        byte[] body = form.formData().stream()
                .map(field -> encoded(field.key()) + "=" + encoded(field.value()))
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.US_ASCII);
        send(new FormRequest(
                "POST", action.get(), cookies.field(action.get()), Optional.of(at), Login.FORM_TYPE, body));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private FormAnswer get(String path) {
        return send(FormRequest.get(path, cookies.field(path), Optional.empty()));
    }

    private FormAnswer send(FormRequest request) {
        FormAnswer answer = backend.send(request);
        cookies.take(answer.cookies(), request.path());
        return answer;
    }
}
