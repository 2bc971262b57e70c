package org.audienceactivation.http;

import java.util.Map;

/**
 * An answer that a route gives: the body of its exchange in the end, or {@link
 * Upload#answerAlready} while the route still runs.
 *
 * @param headers beside the content type
 * @param body closed; discarded when it was sent
 */
public record HttpAnswer(
    int status, String contentType, Map<String, String> headers, AnswerBody body) {}
