using Mono.Cecil;
using Mono.Cecil.Cil;

namespace RealtimeHub.Tests.Conventions;

/// <summary>
/// Every type that a compiled type names: what it is made of, in its signatures, attributes and bodies, and in the signatures of what it
/// calls.
/// </summary>
internal static class TypeNames
{
    public static IEnumerable<TypeReference> In(TypeDefinition type) =>
    [
        .. InParts(type.BaseType),
        .. type.Interfaces.SelectMany(implemented => InParts(implemented.InterfaceType)),
        .. InAttributes(type),
        .. InConstraints(type),
        .. type.Fields.SelectMany(field => InAttributes(field).Concat(InParts(field.FieldType))),
        .. type.Properties.SelectMany(InAttributes),
        .. type.Events.SelectMany(InAttributes),
        .. type.Methods.SelectMany(InMethod),
    ];

    private static IEnumerable<TypeReference> InMethod(MethodDefinition method) =>
    [
        .. InSignature(method),
        .. InConstraints(method),
        .. InAttributes(method),
        .. InAttributes(method.MethodReturnType),
        .. method.Parameters.SelectMany(InAttributes),
        .. method.HasBody ? InBody(method.Body) : [],
    ];

    private static IEnumerable<TypeReference> InBody(MethodBody body) =>
    [
        .. body.Variables.SelectMany(variable => InParts(variable.VariableType)),
        .. body.ExceptionHandlers.SelectMany(handler => InParts(handler.CatchType)),
        .. body.Instructions.SelectMany(instruction => InOperand(instruction.Operand)),
    ];

    private static IEnumerable<TypeReference> InOperand(object operand) => operand switch
    {
        TypeReference type => InParts(type),
        FieldReference field => [.. InParts(field.DeclaringType), .. InParts(field.FieldType)],
        MethodReference method => InSignature(method),
        _ => [],
    };

    /// <summary>
    /// What is called counts with all that it takes and returns, or else it would depend on the optimizer's variables what is seen.
    /// </summary>
    private static IEnumerable<TypeReference> InSignature(MethodReference method) =>
    [
        .. InParts(method.DeclaringType),
        .. InParts(method.ReturnType),
        .. method.Parameters.SelectMany(parameter => InParts(parameter.ParameterType)),
        .. method is GenericInstanceMethod made ? made.GenericArguments.SelectMany(InParts) : [],
    ];

    private static IEnumerable<TypeReference> InConstraints(IGenericParameterProvider generic) =>
        generic.GenericParameters.SelectMany(parameter => InAttributes(parameter)
            .Concat(parameter.Constraints.SelectMany(constraint => InParts(constraint.ConstraintType))));

    private static IEnumerable<TypeReference> InAttributes(ICustomAttributeProvider marked) =>
        marked.CustomAttributes.SelectMany(attribute => (IEnumerable<TypeReference>)
    [
        .. InSignature(attribute.Constructor),
        .. attribute.ConstructorArguments.SelectMany(InArgument),
        .. attribute.Fields.Concat(attribute.Properties).SelectMany(named => InArgument(named.Argument)),
    ]);

    private static IEnumerable<TypeReference> InArgument(CustomAttributeArgument argument) =>
        InParts(argument.Type).Concat(argument.Value switch
        {
            TypeReference type => InParts(type),
            CustomAttributeArgument boxed => InArgument(boxed),
            CustomAttributeArgument[] many => many.SelectMany(InArgument),
            _ => [],
        });

    /// <summary>A list of arrays of a type names the list and the type.</summary>
    private static IEnumerable<TypeReference> InParts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType made => [.. InParts(made.ElementType), .. made.GenericArguments.SelectMany(InParts)],
        IModifierType modified => [.. InParts(modified.ElementType), .. InParts(modified.ModifierType)],
        TypeSpecification around => InParts(around.ElementType),
        _ => [type],
    };
}
