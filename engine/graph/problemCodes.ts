import type { Text } from '#nodes/sdk/text.js';

interface ProblemCode {
  readonly severity: 'error' | 'warning';
  /** What is wrong and what to do. `{name}` stands for a parameter; a part in square brackets is left out when its parameter is. */
  readonly text: Text;
}

const error = (pt: string, en: string): ProblemCode => ({ severity: 'error', text: { 'pt-BR': pt, en } });
const warning = (pt: string, en: string): ProblemCode => ({ severity: 'warning', text: { 'pt-BR': pt, en } });

/** Every problem a definition can have. Codes are stable: editors, tests and clients refer to them. */
export const problemCodes = {
  // Size and material: found first, and alone, because nothing else may be done with such a definition.
  'size.nodes': error(
    'São {count} passos, e cabem {limit}. Divida em mais de um departamento.',
    'There are {count} steps, and {limit} fit. Split it into more departments.',
  ),
  'size.edges': error(
    'São {count} ligações, e cabem {limit}. Divida em mais de um departamento.',
    'There are {count} connections, and {limit} fit. Split it into more departments.',
  ),
  'size.bytes': error(
    'O departamento passou de {limit} bytes. Tire textos grandes e deixe no conhecimento.',
    'The department is over {limit} bytes. Move long texts to your knowledge.',
  ),
  'size.depth': error(
    'Tem dado dentro de dado em mais de {limit} níveis. Simplifique.',
    'Data is nested more than {limit} levels deep. Simplify it.',
  ),
  'size.expressions': error(
    'São expressões demais: cabem {limit}. Junte ou tire algumas.',
    'There are too many expressions: {limit} fit. Join or remove some.',
  ),
  'size.containers': error(
    '"{node}" está dentro de grupos demais: cabem {limit}, um dentro do outro. Tire ele de algum.',
    '"{node}" is inside too many groups: {limit} fit inside one another. Take it out of one.',
  ),
  'material.not_json': error(
    'Isto não é um JSON que dá pra guardar. Envie só textos, números, listas e objetos.',
    'This is not JSON that can be stored. Send only texts, numbers, lists and objects.',
  ),
  'material.forbidden_key': error(
    'O campo "{name}" não pode existir aqui. Troque o nome.',
    'The field "{name}" cannot exist here. Rename it.',
  ),
  'material.broken_character': error(
    'Tem um caractere quebrado no texto. Apague e escreva de novo.',
    'There is a broken character in the text. Delete it and write it again.',
  ),
  'material.not_finite': error(
    'Aqui vai um número de verdade: infinito e "não é número" não valem.',
    'This takes a real number: infinity and "not a number" will not do.',
  ),

  'shape.invalid': error(
    'O campo "{name}" não está como deveria: {reason}. Corrija o campo.',
    'The field "{name}" is not as it should be: {reason}. Correct it.',
  ),
  'shape.unknown_field': error(
    'O campo "{name}" não existe aqui. Tire.',
    'The field "{name}" does not exist here. Remove it.',
  ),
  'shape.missing_field': error('Falta o campo "{name}". Preencha.', 'The field "{name}" is missing. Fill it in.'),

  'id.duplicate_node': error(
    'Dois passos têm o código "{id}". Troque um deles.',
    'Two steps have the id "{id}". Change one of them.',
  ),
  'id.duplicate_edge': error(
    'Duas ligações têm o código "{id}". Troque um deles.',
    'Two connections have the id "{id}". Change one of them.',
  ),
  'id.reserved': error(
    '"{id}" é uma palavra reservada. Dê outro código ao passo.',
    '"{id}" is a reserved word. Give the step another id.',
  ),

  'type.unknown': error(
    'Não conhecemos o tipo "{type}".[ Você quis dizer "{suggestion}"?] Troque o passo.',
    'There is no step of type "{type}".[ Did you mean "{suggestion}"?] Replace the step.',
  ),
  'type.unknown_version': error(
    '"{type}" não tem a versão {version}; a mais nova é a {latest}. Atualize o passo.',
    '"{type}" has no version {version}; the newest is {latest}. Update the step.',
  ),

  'config.required': error('Falta preencher "{field}".', '"{field}" is empty. Fill it in.'),
  'config.unknown_field': error(
    'Este passo não tem o campo "{name}".[ Você quis dizer "{suggestion}"?]',
    'This step has no field "{name}".[ Did you mean "{suggestion}"?]',
  ),
  'config.wrong_type': error(
    '"{field}" precisa ser {expected}. Corrija o valor.',
    '"{field}" must be {expected}. Correct the value.',
  ),
  'config.not_a_choice': error(
    '"{field}" só aceita: {choices}.[ Você quis dizer "{suggestion}"?]',
    '"{field}" takes only: {choices}.[ Did you mean "{suggestion}"?]',
  ),
  'config.too_short': error(
    '"{field}" é curto demais: no mínimo {limit} caracteres.',
    '"{field}" is too short: at least {limit} characters.',
  ),
  'config.too_long': error(
    '"{field}" tem {length} caracteres, e cabem {limit}. Encurte.',
    '"{field}" has {length} characters, and {limit} fit. Shorten it.',
  ),
  'config.too_few': error(
    '"{field}" precisa de pelo menos {limit}. Adicione.',
    '"{field}" needs at least {limit}. Add some.',
  ),
  'config.too_many': error(
    'Em "{field}" cabem no máximo {limit}. Tire alguns.',
    '"{field}" holds at most {limit}. Remove some.',
  ),
  'config.too_small': error('"{field}" é no mínimo {limit}. Aumente.', '"{field}" is at least {limit}. Raise it.'),
  'config.too_big': error('"{field}" é no máximo {limit}. Diminua.', '"{field}" is at most {limit}. Lower it.'),
  'config.not_above': error(
    '"{field}" precisa passar de {limit}. Aumente.',
    '"{field}" must be above {limit}. Raise it.',
  ),
  'config.not_below': error(
    '"{field}" precisa ficar abaixo de {limit}. Diminua.',
    '"{field}" must be below {limit}. Lower it.',
  ),
  'config.not_multiple': error(
    '"{field}" precisa ser múltiplo de {limit}. Ajuste.',
    '"{field}" must be a multiple of {limit}. Adjust it.',
  ),
  'config.bad_format': error(
    '"{field}" não está no formato certo[ ({format})]. Confira.',
    '"{field}" is not in the right format[ ({format})]. Check it.',
  ),
  'config.taken_name': error(
    '"{name}" já quer dizer outra coisa aqui. Escolha outro nome em "{field}".',
    '"{name}" already means something else here. Choose another name in "{field}".',
  ),
  'config.same_name': warning(
    'Dois itens de "{field}" se chamam "{name}", e só um vale. Troque um dos nomes.',
    'Two items of "{field}" are called "{name}", and only one counts. Change one of the names.',
  ),
  'config.not_allowed': error(
    '"{field}" não pode ser preenchido aqui. Tire.',
    '"{field}" cannot be filled in here. Remove it.',
  ),
  'config.literal': error(
    '"{field}" é usado como está escrito e não aceita expressão. Tire as chaves.',
    '"{field}" is used as written and takes no expression. Remove the braces.',
  ),

  'expression.unclosed': error('Faltou fechar a expressão com "}}".', 'The expression is not closed with "}}".'),
  'expression.syntax': error(
    'Não deu pra entender a expressão: {name}.',
    'The expression could not be understood: {name}.',
  ),
  'expression.too_long': error(
    'A expressão é comprida demais. Divida em passos menores.',
    'The expression is too long. Split it into smaller steps.',
  ),
  'expression.too_complex': error(
    'A expressão é complicada demais. Divida em passos menores.',
    'The expression is too complicated. Split it into smaller steps.',
  ),
  'expression.too_much_work': error(
    'A expressão dá trabalho demais. Use uma lista menor ou divida em passos.',
    'The expression does too much work. Use a shorter list or split it into steps.',
  ),
  'expression.too_big': error(
    'O resultado da expressão é grande demais. Use menos dados.',
    'The result of the expression is too big. Use less data.',
  ),
  'expression.unknown_name': error(
    '"{name}" não existe aqui.[ Você quis dizer "{suggestion}"?] Comece por trigger, steps, contact, conversation ou organization.',
    '"{name}" does not exist here.[ Did you mean "{suggestion}"?] Begin with trigger, steps, contact, conversation or organization.',
  ),
  'expression.unknown_function': error(
    'A função "{name}" não existe.[ Você quis dizer "{suggestion}"?]',
    'There is no function "{name}".[ Did you mean "{suggestion}"?]',
  ),
  'expression.wrong_arguments': error(
    '"{name}" foi usada com os argumentos errados. Confira como se escreve.',
    '"{name}" was given the wrong arguments. Check how it is written.',
  ),
  'expression.forbidden_name': error(
    '"{name}" não pode ser usado em expressões. Tire.',
    '"{name}" cannot be used in expressions. Remove it.',
  ),
  'expression.bad_number': error(
    'Número inválido: {name}. Use um menor.',
    'Not a usable number: {name}. Use a smaller one.',
  ),
  'expression.bad_pattern': error(
    'A expressão regular não vale: {name}. Corrija ou encurte.',
    'The regular expression is not valid: {name}. Correct or shorten it.',
  ),
  'expression.unsupported': error(
    'Isto não existe nas nossas expressões: {name}. Use texto, número ou lista.',
    'Our expressions do not have this: {name}. Use text, numbers or lists.',
  ),
  'expression.missing': error(
    '"{name}" não existia na hora. Use coalesce({name}, "…") pra dizer o que vale sem ele.',
    '"{name}" was not there. Use coalesce({name}, "…") to say what counts without it.',
  ),
  'expression.unknown_field': error(
    '"{of}" não tem o campo "{name}".[ Você quis dizer "{suggestion}"?][ Tem: {fields}.]',
    '"{of}" has no field "{name}".[ Did you mean "{suggestion}"?][ It has: {fields}.]',
  ),
  'expression.may_be_missing': error(
    '"{of}.{name}" pode não vir. Escreva coalesce({of}.{name}, "…") com o que vale sem ele.',
    '"{of}.{name}" may not be there. Write coalesce({of}.{name}, "…") with what counts without it.',
  ),
  'expression.may_be_null': error(
    'O valor pode vir vazio em "{name}". Use coalesce(…, "…") pra dizer o que vale no lugar.',
    'The value may be empty in "{name}". Use coalesce(…, "…") to say what counts instead.',
  ),
  'expression.not_fields': error(
    'Não dá pra pegar "{name}" daqui: isto é {found}.',
    'There is no "{name}" to take from this: it is {found}.',
  ),
  'expression.not_list': error(
    '"{name}" percorre uma lista, e isto é {found}.',
    '"{name}" walks a list, and this is {found}.',
  ),
  'expression.wrong_type': error(
    'Aqui vai {expected}, e a expressão dá {found}. Converta ou use outro campo.',
    'This takes {expected}, and the expression gives {found}. Convert it or use another field.',
  ),
  'expression.wrong_argument': error(
    '"{name}" quer {expected}, e recebeu {found}. Converta ou use outro campo.',
    '"{name}" wants {expected} and was given {found}. Convert it or use another field.',
  ),
  'expression.wrong_operands': error(
    'Não dá pra fazer {left} {operator} {right}. Converta um dos lados: string(x) ou double(x).',
    'There is no {left} {operator} {right}. Convert one side: string(x) or double(x).',
  ),
  'expression.never_equal': error(
    'Esta comparação nunca dá certo: {left} com {right}. Confira os dois lados.',
    'These can never be equal: {left} and {right}. Check both sides.',
  ),
  'expression.step_unknown': error(
    'Não existe passo com o código "{name}".[ Você quis dizer "{suggestion}"?]',
    'There is no step with the id "{name}".[ Did you mean "{suggestion}"?]',
  ),
  'expression.step_later': error(
    'O passo "{name}" não vem antes deste. Ligue um caminho dele até aqui ou use outro.',
    'The step "{name}" does not come before this one. Connect it to here or use another.',
  ),
  'expression.step_may_not_run': error(
    'O passo "{name}" pode não ter rodado quando chegar aqui. Use steps.?{name} com orValue, ou has(steps.{name}).',
    'The step "{name}" may not have run by the time this does. Use steps.?{name} with orValue, or has(steps.{name}).',
  ),
  'expression.only_in_loop': error(
    '"{name}" só existe dentro de uma repetição. Mova o passo ou use outro campo.',
    '"{name}" exists only inside a repetition. Move the step or use another field.',
  ),

  'edge.missing_node': error(
    'Esta ligação aponta pra um passo que não existe mais ("{id}"). Apague a ligação.',
    'This connection points to a step that is gone ("{id}"). Delete it.',
  ),
  'edge.missing_output': error(
    '"{node}" não tem a saída "{port}".[ Você quis dizer "{suggestion}"?] Ligue de outra saída.',
    '"{node}" has no way out called "{port}".[ Did you mean "{suggestion}"?] Connect from another.',
  ),
  'edge.missing_input': error(
    '"{node}" não tem a entrada "{port}". Ligue em outra entrada.',
    '"{node}" has no way in called "{port}". Connect to another.',
  ),
  'edge.error_not_routed': error(
    '"{node}" só tem saída de erro quando "se der erro" segue outro caminho. Ative isso no passo ou apague a ligação.',
    '"{node}" has a way out for errors only when errors take another path. Turn that on in the step or delete the connection.',
  ),
  'edge.across_levels': error(
    'Esta ligação entra ou sai de um grupo. Ligue passos do mesmo nível, ou o próprio grupo.',
    'This connection crosses the edge of a group. Connect steps of one level, or the group itself.',
  ),
  'edge.into_trigger': error(
    '"{node}" começa o departamento: nada pode vir antes. Apague a ligação.',
    '"{node}" starts the department: nothing can come before it. Delete the connection.',
  ),
  'edge.duplicate': error('Esta ligação repete outra. Apague uma.', 'This connection repeats another. Delete one.'),
  cycle: error(
    'Estes passos andam em círculo: {nodes}. Apague uma das ligações, ou ponha os passos dentro de "Repete até".',
    'These steps go round in a circle: {nodes}. Delete one of the connections, or put the steps inside a loop.',
  ),

  'parent.missing': error(
    'O grupo deste passo ("{id}") não existe mais. Tire o passo dele.',
    'The group of this step ("{id}") is gone. Take the step out of it.',
  ),
  'parent.not_container': error(
    '"{node}" não guarda passos dentro. Tire este passo de lá.',
    '"{node}" holds no steps. Take this step out of it.',
  ),
  'parent.cycle': error(
    'Estes grupos estão um dentro do outro: {nodes}. Tire um deles.',
    'These groups are inside one another: {nodes}. Take one out.',
  ),
  'container.empty': error(
    '"{node}" está vazio. Ponha pelo menos um passo dentro.',
    '"{node}" is empty. Put at least one step in it.',
  ),
  'trigger.inside': error(
    '"{node}" começa o departamento e não pode ficar dentro de um grupo. Ponha fora.',
    '"{node}" starts the department and cannot be inside a group. Move it out.',
  ),
  'trigger.none': error(
    'Nada começa este departamento. Adicione um início, como "Mensagem no WhatsApp".',
    'Nothing starts this department. Add a start, such as "WhatsApp message".',
  ),
  'node.unreachable': warning(
    'Nenhum caminho chega em "{node}". Ligue ou apague.',
    'No path reaches "{node}". Connect it or delete it.',
  ),
  'error.no_edge': warning(
    '"{node}" manda erros pra outro caminho, mas nada está ligado lá. Ligue a saída de erro.',
    '"{node}" sends errors down another path, but nothing is connected there. Connect the way out for errors.',
  ),
  'compensate.unknown': error(
    'O passo que desfaz este ("{id}") não existe. Escolha outro.',
    'The step that undoes this one ("{id}") does not exist. Choose another.',
  ),
  'compensate.itself': error(
    '"{node}" não pode desfazer a si mesmo. Escolha outro passo.',
    '"{node}" cannot undo itself. Choose another step.',
  ),
  'compensate.not_possible': error(
    '"{node}" não serve pra desfazer: escolha um passo comum, que não seja início nem grupo nem espera.',
    '"{node}" cannot undo anything: choose an ordinary step, neither a start nor a group, nor one that waits.',
  ),
  'compensate.leads_on': error(
    'Nada chega em "{node}", que só desfaz outros, mas dele saem ligações. Tire as ligações.',
    'Nothing leads to "{node}", which only undoes others, but connections leave it. Remove them.',
  ),
  'compensate.elsewhere': error(
    '"{node}" está dentro de outro grupo. Pra desfazer este passo, deixe no mesmo grupo ou fora dele.',
    '"{node}" stands inside another group. To undo this step it must stand in the same group or around it.',
  ),

  'channel.too_many_buttons': error(
    'São {count} botões, e o WhatsApp aceita {limit}. Tire {over} ou use uma lista.',
    'There are {count} buttons, and WhatsApp takes {limit}. Remove {over} or use a list.',
  ),
  'channel.button_title_long': error(
    'O botão "{title}" tem {length} letras, e cabem {limit}. Encurte.',
    'The button "{title}" has {length} letters, and {limit} fit. Shorten it.',
  ),
  'channel.button_id_long': error(
    'O código do botão tem {length} caracteres, e cabem {limit}. Encurte.',
    "The button's id has {length} characters, and {limit} fit. Shorten it.",
  ),
  'channel.button_duplicate': error(
    'Dois botões têm o código "{id}". Troque um deles.',
    'Two buttons have the id "{id}". Change one of them.',
  ),
  'channel.button_same_title': error(
    'Dois botões dizem "{title}". Mude um deles.',
    'Two buttons say "{title}". Change one of them.',
  ),
  'channel.text_long': warning(
    'O texto tem {length} letras e vai sair em mais de uma mensagem: cabem {limit} em cada. Encurte se não quiser.',
    'The text has {length} letters and will go out as several messages: {limit} fit in each. Shorten it if you mind.',
  ),
  'channel.buttons_and_list': error(
    'A mensagem leva botões ou lista, não os dois. Tire um.',
    'A message carries buttons or a list, not both. Remove one.',
  ),
  'channel.list_rows': error(
    'A lista tem {count} itens, e o WhatsApp aceita {limit}. Tire {over}.',
    'The list has {count} rows, and WhatsApp takes {limit}. Remove {over}.',
  ),
  'channel.list_title_long': error(
    '"{title}" tem {length} letras, e na lista cabem {limit}. Encurte.',
    '"{title}" has {length} letters, and {limit} fit in a list. Shorten it.',
  ),
  'channel.list_description_long': error(
    'O detalhe tem {length} letras, e cabem {limit}. Encurte.',
    'The detail has {length} letters, and {limit} fit. Shorten it.',
  ),
  'channel.list_duplicate': error(
    'Dois itens da lista têm o código "{id}". Troque um deles.',
    'Two rows of the list have the id "{id}". Change one of them.',
  ),
  'channel.media_link': error(
    'O link da mídia precisa começar com https:// e ficar num endereço público com nome, como padaria.com.br: número não vale. Troque o link.',
    'The link of the media must begin with https:// and be at a public address that has a name, such as bakery.com: numbers are none. Change it.',
  ),
  'connection.unknown': error(
    'A conexão de "{node}" não existe mais. Escolha outra ou crie uma em Ajustes.',
    'The connection of "{node}" does not exist any more. Choose another, or make one in the settings.',
  ),
  'connection.other_host': error(
    'A conexão só vale pra {hosts}, e este endereço é de {host}. Troque a conexão ou o endereço.',
    'The connection is for {hosts} only, and this address is at {host}. Change the connection or the address.',
  ),
  'connection.not_https': warning(
    'Este endereço de {host} é sem proteção (http), e a chave da conexão vai aberta por ele. Use https.',
    'This address at {host} is not protected (http), and the key of the connection travels openly. Use https.',
  ),
  'knowledge.unknown': error(
    'O conhecimento escolhido em "{node}" não existe mais (fontes: {count}). Escolha outro.',
    'The knowledge chosen in "{node}" does not exist any more (sources: {count}). Choose other sources.',
  ),
  'model.unknown': error(
    'O modelo "{name}" não existe aqui.[ Você quis dizer "{suggestion}"?] Escolha um da lista.',
    'There is no model "{name}" here.[ Did you mean "{suggestion}"?] Choose one from the list.',
  ),
  'channel.outside_window': error(
    '"{node}" pode mandar mensagem mais de 24 horas depois da última do cliente, por causa de "{wait}", e o WhatsApp recusa. Encurte a espera pra menos de 24 horas.',
    '"{node}" may send a message more than 24 hours after the customer\'s last one, because of "{wait}", and WhatsApp refuses that. Shorten the wait to under 24 hours.',
  ),
} as const satisfies Record<string, ProblemCode>;

export type ProblemCodeName = keyof typeof problemCodes;
