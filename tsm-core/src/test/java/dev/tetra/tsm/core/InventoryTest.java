package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.ports.Relation;
import dev.tetra.tsm.ports.ServiceType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class InventoryTest {
    private final Service web = service(0, "web-8000", OptionalInt.of(8000), 4711);
    private final Service worker = service(1, "worker", OptionalInt.empty(), 0);
    private final Service webAdmin = service(8000, "web-admin", OptionalInt.empty(), 0);
    private final Inventory inventory = new Inventory(
            List.of(web, worker, webAdmin),
            List.of(new Inventory.Unreadable("broken", Path.of("/x/broken/meta.json"), "not a JSON object")));

    private static Service service(int id, String name, OptionalInt port, long pid) {
        List<ServicePort> ports = port.isPresent()
                ? List.of(new ServicePort(port.getAsInt(), "tcp", "primary", Relation.BIND, Optional.empty()))
                : List.of();
        Service.Builder built = Service.of(
                id,
                name,
                "t" + id,
                ServiceSpec.command("x").cwd(Path.of("/")).build(),
                new Service.Launch(
                        List.of("x"), Optional.empty(), ProcessType.COMMAND, ServiceType.PID, ports, List.of()));
        if (pid > 0) {
            built.status(Status.ONLINE, Optional.empty())
                    .run(new Service.Run(new ProcessIdentity("b", pid, 1), Optional.empty()), Instant.EPOCH);
        }
        return built.build();
    }

    private List<Service> select(String... texts) {
        return inventory.select(
                java.util.Arrays.stream(texts).map(Selector::parse).toList());
    }

    private void assertRefused(Reason reason, String message, Selector selector) {
        assertThatThrownBy(() -> inventory.select(List.of(selector)))
                .hasMessage(message)
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void aStarIsAllAndNothingIsNone() {
        assertThat(select("*")).containsExactly(web, worker, webAdmin);
        assertThat(select()).isEmpty();
        assertThat(new Inventory(List.of(), List.of()).select(List.of(new Selector.All())))
                .isEmpty();
    }

    @Test
    void aServiceThatIsMeantTwiceIsSelectedOnceAndInOrder() {
        assertThat(select("worker", "web-8000", "1", "*")).containsExactly(web, worker, webAdmin);
        assertThat(select("worker", "0")).containsExactly(web, worker);
    }

    @Test
    void twoServicesOfOneIdAreBothSelected() {
        Service twin = service(0, "twin", OptionalInt.empty(), 0);
        Inventory doubled = new Inventory(List.of(web, twin), List.of());
        assertThat(doubled.select(List.of(new Selector.All()))).containsExactly(web, twin);
        assertThatThrownBy(() -> doubled.select(List.of(new Selector.Id(0)))).hasMessageContaining("fits 2 services");
    }

    @Test
    void aNameIsTheFullOneThenTheBaseThenABeginning() {
        assertThat(select("web-8000")).containsExactly(web);
        assertThat(select("web"))
                .as("the base name, though web-admin begins so too")
                .containsExactly(web);
        assertThat(select("web-a")).containsExactly(webAdmin);
        assertThat(select("wo")).containsExactly(worker);
    }

    @Test
    void aNumberIsAnIdAPidOrAPort() {
        assertThat(select("1")).containsExactly(worker);
        assertThat(select("4711")).containsExactly(web);
        assertRefused(
                Reason.AMBIGUOUS,
                "8000 fits 2 services: web-8000 (id 0, pid 4711, port 8000), web-admin (id 8000);"
                        + " say which with --id, --pid or --port",
                new Selector.Number(8000));
        assertThat(inventory.one(new Selector.Id(8000))).isEqualTo(webAdmin);
        assertThat(inventory.one(new Selector.Port(8000))).isEqualTo(web);
        assertThat(inventory.one(new Selector.Pid(4711))).isEqualTo(web);
    }

    @Test
    void whatFitsTooMuchIsRefusedWithTheCandidates() {
        assertRefused(
                Reason.AMBIGUOUS,
                "w fits 3 services: web-8000 (id 0, pid 4711, port 8000), worker (id 1), web-admin (id 8000);"
                        + " give the full name, or --id",
                new Selector.Name("w"));
        assertThatThrownBy(() -> inventory.one(new Selector.All())).hasMessageContaining("* fits 3 services");
    }

    @Test
    void whatFitsNothingIsRefusedWithTheNearestNames() {
        assertRefused(Reason.NOT_FOUND, "no service named wrker; did you mean worker?", new Selector.Name("wrker"));
        assertRefused(Reason.NOT_FOUND, "no service named zzzzz; tsm list -a shows all", new Selector.Name("zzzzz"));
        assertRefused(
                Reason.NOT_FOUND, "no service with id, pid or port 77; tsm list -a shows all", new Selector.Number(77));
        assertRefused(Reason.NOT_FOUND, "no service with --pid 77; tsm list -a shows all", new Selector.Pid(77));
        assertThatThrownBy(() -> new Inventory(List.of(), List.of()).one(new Selector.Name("web")))
                .hasMessage("no service named web; there are no services");
        assertThatThrownBy(() -> select("")).hasMessageStartingWith("no service named ");
    }

    @Test
    void anUnreadableServiceIsSaidToBeSo() {
        assertRefused(
                Reason.UNREADABLE,
                "service broken cannot be read: not a JSON object; mend or remove /x/broken/meta.json",
                new Selector.Name("broken"));
    }

    @Test
    void wordsAreReadAsSelectors() {
        assertThat(Selector.parse("*")).isEqualTo(new Selector.All());
        assertThat(Selector.parse("8080")).isEqualTo(new Selector.Number(8080));
        assertThat(Selector.parse("999999999999999999")).isEqualTo(new Selector.Number(999_999_999_999_999_999L));
        assertThat(Selector.parse("9999999999999999999")).isEqualTo(new Selector.Name("9999999999999999999"));
        assertThat(Selector.parse("-1")).isEqualTo(new Selector.Name("-1"));
        assertThat(Selector.parse("٣")).isEqualTo(new Selector.Name("٣"));
    }
}
