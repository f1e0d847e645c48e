package io.postern.run.connector.signon;

import io.postern.connector.form.BasicCheck;
import io.postern.connector.form.LoginCheck;
import io.postern.connector.form.LoginStep;
import io.postern.run.connector.questions.Answering;
import io.postern.run.connector.questions.AskedBackend;
import io.postern.tunnel.BackendSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers `password-check`: tries a sign-on by name and password step by step (docs/protocol/tunnel.md §6). The
/// answer names accounts, paths and fields, and holds no password and no cookie.
public final class PasswordQuestion implements Answering {
    public static final String KIND = "password-check";

    private static final JsonMapper JSON = new JsonMapper();
    private static final int TEXT_MAX = 2_000;

    private final LoginCheck form;
    private final BasicCheck basic;

    PasswordQuestion(LoginCheck form, BasicCheck basic) {
        this.form = form;
        this.basic = basic;
    }

    @Override
    public ObjectNode answer(ObjectNode question, Duration limit) {
        BackendSettings backend = AskedBackend.read(KIND, question.path("backend"));
        Optional<String> host = text(question, "hostField");
        Optional<LoginCheck.Who> who = text(question, "user")
                .map(user -> new LoginCheck.Who(question.path("app").asString(""), user));
        List<LoginStep> steps = switch (question.path("way").asString("")) {
            case "form" -> form.walk(backend, SignOnAnswer.settings(question), host, who);
            case "basic" -> basic.walk(backend, path(question), host, who);
            default ->
                throw new IllegalArgumentException("this connector knows the ways form and basic only; update" + " it");
        };
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode told = answer.putArray("steps");
        for (LoginStep step : steps) {
            ObjectNode one = told.addObject()
                    .put("name", step.name())
                    .put("result", step.state().name().toLowerCase(Locale.ROOT))
                    .put("detail", cut(step.detail()));
            if (!step.remedy().isEmpty()) {
                one.put("remedy", step.remedy());
            }
        }
        return answer;
    }

    private static String path(JsonNode question) {
        String path = question.path("path").asString("/");
        if (!path.startsWith("/") || path.length() > TEXT_MAX || path.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException("path must be one of the backend");
        }
        return path;
    }

    private static Optional<String> text(JsonNode json, String name) {
        return Optional.of(json.path(name).asString("")).filter(text -> !text.isEmpty());
    }

    private static String cut(String text) {
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
    }
}
