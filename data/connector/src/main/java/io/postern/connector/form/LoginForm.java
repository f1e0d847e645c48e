package io.postern.connector.form;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.FormElement;

/// A form that asks for a name and a password, as it stands on the page, with what a browser would send of it:
/// hidden fields, what is chosen, and the button that is pressed.
///
/// @param action path with query
/// @param others name and value of what goes with it, in order
/// @param userField absent where the form asks for a password only
/// @param charset that the page wants its form in
record LoginForm(
        String method,
        String action,
        List<Map.Entry<String, String>> others,
        Optional<String> userField,
        String passwordField,
        Charset charset) {
    private static final int FIELDS_MAX = 200;
    private static final Set<String> TEXTS = Set.of("text", "email", "tel", "");
    private static final List<String> USER_WORDS = List.of("user", "login", "name", "mail", "account");

    /// One form of a page, judged.
    ///
    /// @param to where it leads, without what its query says
    /// @param form absent where users cannot be signed in with it
    /// @param why they cannot; empty where they can
    record Judged(String to, Optional<LoginForm> form, String why) {}

    /// @param at path of the page
    static Optional<LoginForm> find(Document page, String at, LoginSettings settings) {
        return all(page, at, settings).stream()
                .flatMap(judged -> judged.form().stream())
                .min(Comparator.comparingInt(LoginForm::oddness));
    }

    /// Every form of a page, in its order.
    static List<Judged> all(Document page, String at, LoginSettings settings) {
        return page.select("form").stream()
                .map(form -> judged((FormElement) form, page, at, settings))
                .toList();
    }

    /// A form with a name and a password before one with less; forms for a new password have two.
    private int oddness() {
        return userField.isPresent() ? 0 : 1;
    }

    private static Judged judged(FormElement form, Document page, String at, LoginSettings settings) {
        String action = form.attr("action").strip();
        String to = action.isEmpty() ? PageAddress.named(at) : PageAddress.named(action);
        List<Element> inputs = form.elements().stream()
                .filter(e -> !e.hasAttr("disabled") && !e.attr("name").isEmpty())
                .toList();
        if (inputs.size() > FIELDS_MAX) {
            return new Judged(to, Optional.empty(), "has more than " + FIELDS_MAX + " fields");
        }
        List<Element> passwords = inputs.stream()
                .filter(e -> settings.passwordField()
                        .map(name -> e.attr("name").equals(name))
                        .orElseGet(() -> type(e).equals("password")))
                .toList();
        if (passwords.isEmpty()) {
            return new Judged(
                    to,
                    Optional.empty(),
                    "has no "
                            + settings.passwordField()
                                    .map(name -> "field '" + name + "'")
                                    .orElse("password field"));
        }
        if (passwords.size() > 1) {
            return new Judged(
                    to, Optional.empty(), "has " + passwords.size() + " passwords, as where a new one is chosen");
        }
        Element password = passwords.getFirst();
        Optional<Element> user = user(inputs, password, settings);
        if (settings.userField().isPresent() && user.isEmpty()) {
            return new Judged(
                    to,
                    Optional.empty(),
                    "has no field '" + settings.userField().get() + "'");
        }
        Optional<String> inside = action(form, page, at);
        if (inside.isEmpty()) {
            return new Judged(to, Optional.empty(), "leads to another host, where this backend's passwords do not go");
        }
        var found = new LoginForm(
                form.attr("method").equalsIgnoreCase("get") ? "GET" : "POST",
                inside.get(),
                others(inputs, password, user, settings),
                user.map(e -> e.attr("name")),
                password.attr("name"),
                charset(form, page));
        return new Judged(to, Optional.of(found), "");
    }

    @SuppressWarnings("ReferenceEquality") // the very element
    private static Optional<Element> user(List<Element> inputs, Element password, LoginSettings settings) {
        if (settings.userField().isPresent()) {
            return inputs.stream()
                    .filter(e -> e.attr("name").equals(settings.userField().get()))
                    .findFirst();
        }
        List<Element> before = inputs.stream()
                .takeWhile(e -> e != password)
                .filter(e -> e.normalName().equals("input") && TEXTS.contains(type(e)))
                .toList();
        return before.stream()
                .filter(e -> e.attr("autocomplete").contains("username"))
                .findFirst()
                .or(() -> before.stream().filter(LoginForm::soundsLikeUser).findFirst())
                .or(() -> before.isEmpty() ? Optional.empty() : Optional.of(before.getLast()));
    }

    private static boolean soundsLikeUser(Element input) {
        String name = (input.attr("name") + " " + input.id()).toLowerCase(Locale.ROOT);
        return USER_WORDS.stream().anyMatch(name::contains);
    }

    @SuppressWarnings("ReferenceEquality") // the very elements
    private static List<Map.Entry<String, String>> others(
            List<Element> inputs, Element password, Optional<Element> user, LoginSettings settings) {
        var fields = new ArrayList<Map.Entry<String, String>>();
        boolean pressed = false;
        for (Element input : inputs) {
            String name = input.attr("name");
            if (input == password
                    || user.filter(e -> e == input).isPresent()
                    || settings.more().containsKey(name)) {
                continue;
            }
            boolean isButton = isButton(input);
            if (isButton && pressed) {
                continue; // one button is pressed, the first, as by the Enter key
            }
            pressed |= isButton;
            fields.addAll(sent(input, name));
        }
        settings.more().entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(fields::add);
        return List.copyOf(fields);
    }

    private static boolean isButton(Element input) {
        return input.normalName().equals("button")
                ? type(input).isEmpty() || type(input).equals("submit")
                : type(input).equals("submit");
    }

    private static List<Map.Entry<String, String>> sent(Element input, String name) {
        return switch (input.normalName()) {
            case "select" -> {
                List<Element> chosen = input.select("option[selected]");
                List<Element> all = input.select("option");
                yield (chosen.isEmpty() && !all.isEmpty() ? List.of(all.getFirst()) : chosen)
                        .stream().map(option -> Map.entry(name, option.val())).toList();
            }
            case "textarea" -> List.of(Map.entry(name, input.wholeText()));
            case "button" -> isButton(input) ? List.of(Map.entry(name, input.attr("value"))) : List.of();
            default ->
                switch (type(input)) {
                    case "checkbox", "radio" ->
                        input.hasAttr("checked")
                                ? List.of(Map.entry(name, input.hasAttr("value") ? input.attr("value") : "on"))
                                : List.of();
                    case "image", "reset", "button", "file" -> List.of();
                    default -> List.of(Map.entry(name, input.attr("value")));
                };
        };
    }

    private static String type(Element input) {
        return input.attr("type").strip().toLowerCase(Locale.ROOT);
    }

    /// Empty where the form goes elsewhere: passwords of this application are for its backend alone.
    private static Optional<String> action(FormElement form, Document page, String at) {
        Element base = page.selectFirst("base[href]");
        Optional<String> under = base == null ? Optional.of(at) : path(at, base.attr("href"));
        return under.flatMap(from -> path(
                from, form.attr("action").isBlank() ? at : form.attr("action").strip()));
    }

    /// A link on a page as a path of the same backend.
    ///
    /// @param at path of the page
    static Optional<String> path(String at, String link) {
        try {
            URI from = new URI("backend://it" + at);
            URI to = from.resolve(new URI(link.startsWith("?") ? from.getRawPath() + link : link.replace(" ", "%20")));
            if (!"backend".equals(to.getScheme()) || !"it".equals(to.getRawAuthority())) {
                return Optional.empty();
            }
            String path = to.getRawPath().isEmpty() ? "/" : to.getRawPath();
            String whole = to.getRawQuery() == null ? path : path + "?" + to.getRawQuery();
            return LoginSettings.isPath(whole) ? Optional.of(whole) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Charset charset(FormElement form, Document page) {
        return form.attr("accept-charset").toLowerCase(Locale.ROOT).contains("utf-8")
                ? StandardCharsets.UTF_8
                : page.charset();
    }

    /// As `application/x-www-form-urlencoded`.
    ///
    /// @param password UTF-8, not changed
    /// @return to be wiped
    byte[] filled(String user, byte[] password) {
        var wipeable = new WipeableBytes();
        boolean first = true;
        var fields = new ArrayList<>(others);
        userField.ifPresent(name -> fields.addFirst(Map.entry(name, user)));
        for (Map.Entry<String, String> field : fields) {
            if (!first) {
                wipeable.write('&');
            }
            first = false;
            wipeable.writeBytes(
                    (URLEncoder.encode(field.getKey(), charset) + "=" + URLEncoder.encode(field.getValue(), charset))
                            .getBytes(StandardCharsets.US_ASCII));
        }
        wipeable.writeBytes(((first ? "" : "&") + URLEncoder.encode(passwordField, charset) + "=")
                .getBytes(StandardCharsets.US_ASCII));
        for (byte b : password) {
            if ((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9')) {
                wipeable.write(b);
            } else {
                wipeable.write('%');
                wipeable.write(Character.forDigit((b >> 4) & 15, 16));
                wipeable.write(Character.forDigit(b & 15, 16));
            }
        }
        byte[] filled = wipeable.toByteArray();
        wipeable.wipe();
        return filled;
    }

    private static final class WipeableBytes extends ByteArrayOutputStream {
        WipeableBytes() {
            super(64 * 1024); // grows seldom: what it leaves behind then is not wiped
        }

        void wipe() {
            Arrays.fill(buf, (byte) 0);
        }
    }
}
