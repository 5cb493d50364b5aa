package org.portals4j.benchmarks;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The arrows of DESIGN.md: who may import whom. */
class ArchitectureTest {
    private static final String API = "org.portals4j";
    private static final String PROVIDER = "org.portals4j.provider";
    private static final String ENGINE = "org.portals4j.engine..";
    private static final String WIRE = "org.portals4j.wire..";
    private static final String LOOPBACK = "org.portals4j.loopback..";
    private static final String AERON = "org.portals4j.aeron..";
    private static final String TOOLS = "org.portals4j.tools..";
    private static final String AGRONA = "org.agrona..";
    private static final String OURS = "org.portals4j..";

    private static JavaClasses all;

    @BeforeAll
    static void read() {
        all =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("org.portals4j");
    }

    @Test
    void shouldKeepTheInterfaceFreeOfEverythingElse() {
        check(onlyOurs(API, API, PROVIDER));
        check(onlyOurs(PROVIDER, API, PROVIDER));
    }

    @Test
    void shouldKeepAgronaOutOfTheInterface() {
        check(noClasses().that().resideInAPackage(API).should().dependOnClassesThat(are(agrona())));
        check(
                classes()
                        .that()
                        .resideInAPackage(API)
                        .and()
                        .arePublic()
                        .should(haveNoAgronaInSignatures()));
    }

    @Test
    void shouldBuildTheEngineOnInterfaceAndWireOnly() {
        check(onlyOurs(ENGINE, API, PROVIDER, WIRE, ENGINE));
        check(
                noClasses()
                        .that()
                        .resideInAPackage(ENGINE)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.aeron.."));
    }

    @Test
    void shouldKeepTheEngineFreeOfCycles() {
        check(slices().matching("org.portals4j.(engine..)").should().beFreeOfCycles());
    }

    @Test
    void shouldBuildTransportsOnTheProviderSeamOnly() {
        check(transport(LOOPBACK));
        check(transport(AERON));
    }

    @Test
    void shouldBuildTheToolsOnTheInterfaceOnly() {
        check(
                classes()
                        .that()
                        .resideInAPackage(TOOLS)
                        .should()
                        .onlyDependOnClassesThat(
                                not(resideInAnyPackage(OURS))
                                        .or(resideInAnyPackage(API, TOOLS))
                                        .or(named("org.portals4j.aeron.PortalsMediaDriver"))));
        check(
                noClasses()
                        .that()
                        .resideInAPackage(TOOLS)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(AGRONA, "io.aeron.."));
    }

    @Test
    void shouldShowTheFileProtocolWithoutTheCommand() {
        check(onlyOurs("org.portals4j.tools.files..", API, "org.portals4j.tools.files.."));
    }

    private static ArchRule onlyOurs(final String from, final String... to) {
        return classes()
                .that()
                .resideInAPackage(from)
                .should()
                .onlyDependOnClassesThat(not(resideInAPackage(OURS)).or(resideInAnyPackage(to)))
                .allowEmptyShould(true);
    }

    private static ArchRule transport(final String from) {
        return classes()
                .that()
                .resideInAPackage(from)
                .should()
                .onlyDependOnClassesThat(
                        not(resideInAPackage(OURS))
                                .or(resideInAnyPackage(PROVIDER, from))
                                .or(
                                        named(
                                                "org.portals4j.PortalsException",
                                                "org.portals4j.ReturnCode",
                                                "org.portals4j.ProcessId")))
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> named(final String... names) {
        final Set<String> wanted = Set.of(names);
        return DescribedPredicate.describe(
                "are " + wanted, type -> wanted.contains(type.getName()));
    }

    private static DescribedPredicate<JavaClass> agrona() {
        return resideInAPackage(AGRONA);
    }

    private static ArchCondition<JavaClass> haveNoAgronaInSignatures() {
        return new ArchCondition<>("have no Agrona type in a public signature") {
            @Override
            public void check(final JavaClass type, final ConditionEvents events) {
                for (final JavaMember member : type.getMembers()) {
                    final Set<String> found = agronaTypes(member);
                    if (!found.isEmpty()) {
                        events.add(
                                SimpleConditionEvent.violated(
                                        member, member.getFullName() + " shows " + found));
                    }
                }
            }
        };
    }

    private static Set<String> agronaTypes(final JavaMember member) {
        return Stream.of(member)
                .flatMap(m -> m.getAllInvolvedRawTypes().stream())
                .map(JavaClass::getName)
                .filter(name -> name.startsWith("org.agrona."))
                .collect(Collectors.toSet());
    }

    private static void check(final ArchRule rule) {
        rule.allowEmptyShould(true).check(all);
    }
}
