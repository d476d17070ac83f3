package dev.tetra.tsm.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class JsonObjectProperties {
    @Property(tries = 300)
    void anObjectIsReadAsItWasWritten(@ForAll("objects") JsonObject object) throws IOException {
        assertThat(JsonObject.parse(object.toBytes()).toString()).isEqualTo(object.toString());
        assertThat(JsonObject.parse(object.toPrettyBytes()).toString()).isEqualTo(object.toString());
    }

    @Property(tries = 300)
    void anObjectOnTheWireIsOneLine(@ForAll("objects") JsonObject object) {
        assertThat(new String(object.toBytes(), StandardCharsets.UTF_8)).doesNotContain("\n", "\r");
    }

    @Property(tries = 2000)
    void anyBytesAreAnObjectOrAnIoException(@ForAll byte[] bytes) {
        try {
            JsonObject.parse(bytes);
        } catch (IOException said) {
            assertThat(said.getMessage()).isNotNull();
        }
    }

    @Property
    void anyTextIsWrittenEvenHalfACharacter(@ForAll String text) throws IOException {
        JsonObject object = new JsonObject().put("text", text + "\ud800");
        String read = JsonObject.parse(object.toBytes()).text("text");
        assertThat(read).endsWith("?");
        assertThat(JsonObject.parse(object.toPrettyBytes()).text("text")).isEqualTo(read);
    }

    @Example
    void missingFieldsAreAddedAndPresentOnesStay() throws IOException {
        JsonObject mine = new JsonObject().put("a", 1).put("none", null);
        mine.putMissing(JsonObject.parse(
                "{\"a\": 2, \"none\": 3, \"other\": [1.50, {\"x\": null}]}".getBytes(StandardCharsets.UTF_8)));
        assertThat(mine).hasToString("{\"a\":1,\"none\":null,\"other\":[1.50,{\"x\":null}]}");
    }

    @Example
    void whatIsNoObjectIsRefused() {
        for (String text : List.of(
                "",
                "[]",
                "1",
                "{",
                "{}{}",
                "{} x",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":7e03134952311880682}",
                "[".repeat(5000),
                "{\"a\":".repeat(5000))) {
            assertThatThrownBy(() -> JsonObject.parse(text.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(IOException.class);
        }
    }

    @Example
    void aFieldOfAnotherTypeIsRefusedByItsName() throws IOException {
        JsonObject object =
                JsonObject.parse("{\"t\": 1, \"n\": 1.5, \"big\": 99999999999999999999, \"l\": [1, null], \"o\": []}"
                        .getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> object.string("t")).hasMessageContaining("t is not a string");
        assertThatThrownBy(() -> object.number("n")).hasMessageContaining("n is not a whole number");
        assertThatThrownBy(() -> object.number("big")).hasMessageContaining("big is not a whole number");
        assertThatThrownBy(() -> object.strings("l")).hasMessageContaining("l is not an array of strings");
        assertThatThrownBy(() -> object.object("o")).hasMessageContaining("o is not an object");
        assertThatThrownBy(() -> object.text("gone")).hasMessageContaining("gone is missing");
    }

    @Provide
    Arbitrary<JsonObject> objects() {
        return objects(2);
    }

    private static Arbitrary<JsonObject> objects(int depth) {
        Arbitrary<String> texts =
                Arbitraries.strings().excludeChars(surrogates()).ofMaxLength(10);
        return Arbitraries.maps(texts, values(depth)).ofMaxSize(4).map(JsonObjectProperties::object);
    }

    private static char[] surrogates() {
        char[] all = new char[0xE000 - 0xD800];
        for (int i = 0; i < all.length; i++) {
            all[i] = (char) (0xD800 + i);
        }
        return all;
    }

    private static JsonObject object(Map<String, Object> fields) {
        JsonObject object = new JsonObject();
        fields.forEach(object::put);
        return object;
    }

    private static Arbitrary<Object> values(int depth) {
        List<Arbitrary<Object>> kinds = new ArrayList<>(List.of(
                Arbitraries.strings().excludeChars(surrogates()).ofMaxLength(10).map(text -> (Object) text),
                Arbitraries.longs().map(number -> (Object) number),
                Arbitraries.bigDecimals().map(number -> (Object) number),
                Arbitraries.of(true, false).map(truth -> (Object) truth)));
        if (depth > 0) {
            kinds.add(objects(depth - 1).map(object -> (Object) object));
            kinds.add(values(depth - 1).list().ofMaxSize(3).map(list -> (Object) list));
        }
        return Arbitraries.oneOf(kinds);
    }
}
