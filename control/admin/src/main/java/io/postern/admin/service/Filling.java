package io.postern.admin.service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Puts answers in the places of a template.
final class Filling {
    private Filling() {}

    static String of(String text, Map<String, String> answers) {
        return TemplateFile.PLACE
                .matcher(text)
                .replaceAll(place ->
                        java.util.regex.Matcher.quoteReplacement(answers.getOrDefault(place.group(1), place.group())));
    }

    static Map<String, Object> of(Map<String, Object> document, Map<String, String> answers) {
        var filled = new LinkedHashMap<String, Object>();
        document.forEach((name, value) -> filled.put(name, any(value, answers)));
        return filled;
    }

    @SuppressWarnings("unchecked") // keys of documents are texts
    private static Object any(Object value, Map<String, String> answers) {
        return switch (value) {
            case String text -> of(text, answers);
            case List<?> list ->
                list.stream().map(element -> any(element, answers)).toList();
            case Map<?, ?> map -> of((Map<String, Object>) map, answers);
            default -> value;
        };
    }
}
