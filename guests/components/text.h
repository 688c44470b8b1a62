// Answers in words: gathered in `text`, as much as fits, and sent by `answer`. TEXT_ROOM says how much that is.
#pragma once
#include "http.h"

#ifndef TEXT_ROOM
#define TEXT_ROOM 1024
#endif

static uint8_t text[TEXT_ROOM];
static size_t text_length;

static inline void append(const void *at, size_t length)
{
    if (length > sizeof text - text_length)
        length = sizeof text - text_length;
    __builtin_memcpy(text + text_length, at, length);
    text_length += length;
}

static inline void append_bytes(bytes more) { append(more.at, more.length); }

static inline size_t length_of(const char *words)
{
    size_t length = 0;
    while (words[length]) // by hand: a C library would have strlen
        length++;
    return length;
}

static inline void append_words(const char *words) { append(words, length_of(words)); }

static inline void append_number(int64_t value)
{
    uint8_t digits[20];
    size_t at = sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        digits[--at] = '0' + left % 10;
    while (left /= 10);
    if (value < 0)
        append("-", 1);
    append(digits + at, sizeof digits - at);
}

static inline bool is(bytes part, const char *word)
{
    for (size_t i = 0; i < part.length; i++)
        if (word[i] == 0 || part.at[i] != (uint8_t)word[i])
            return false;
    return word[part.length] == 0;
}

// What stands between the slash that a path begins with and the next one; the path goes on after it
static inline bytes next_part(bytes *path)
{
    if (path->length > 0)
        *path = (bytes){ path->at + 1, path->length - 1 };
    bytes part = { path->at, 0 };
    while (part.length < path->length && part.at[part.length] != '/')
        part.length++;
    *path = (bytes){ path->at + part.length, path->length - part.length };
    return part;
}

// A response of what is in `text`; without a type if that is 0
static inline void answer(handle request, handle out, int32_t status, const char *content_type)
{
    handle headers = fields_new();
    if (content_type)
        add_header(headers, "content-type", content_type, length_of(content_type));
    handle body = respond(out, status, headers);
    result_handle stream;
    result_stream written;
    outgoing_write(body, &stream);
    for (size_t at = 0; at < text_length; at += 4096)
        stream_write_all(stream.value, text + at, text_length - at < 4096 ? text_length - at : 4096, &written);
    output_drop(stream.value);
    finish(body, 0, 0);
    request_drop(request);
}
