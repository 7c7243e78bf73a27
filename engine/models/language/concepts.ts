import { words } from './fold.js';
import { stem } from './stem.js';

/**
 * What customers of a small shop ask about, with the words and phrases of both languages that mean it. This is how a question in English
 * finds a passage in Portuguese, and `que horas abre` finds `horário de funcionamento`. Phrases beat words.
 */
const table = {
  hours: `abre|abrem|abrimos|abrindo|abriu|aberto|aberta|abertos|abrir|fecha|fecham|fechamos|fechar|fechado|fechada|horario|horarios|funciona|funcionam|funcionamos|funcionamento|expediente|atendem ate|que horas|ate que horas|de que horas
    |open|opens|opening|close|closes|closing|closed|hours|opening times|business hours|what time|how late|how early`,
  price: `preco|precos|preço|custa|custam|custo|valor|valores|quanto e|quanto ta|quanto sai|quanto fica|quanto custa|quanto cobram|ta quanto|sai por quanto|cobram|cobra|cobrado|caro|barato|tabela|cardapio|reais
    |price|prices|priced|pricing|cost|costs|how much|expensive|cheap|charge|menu|fee`,
  delivery: `entrega|entregas|entregam|entregar|entregamos|entregue|delivery|tele entrega|motoboy|levam em casa|levar em casa|trazem|frete|manda pra ca|mandam
    |deliver|delivers|delivered|deliveries|delivering|ship|shipping|bring it to|courier`,
  area: `bairro|bairros|regiao|area|areas|raio|km|distancia|zona|cobertura|neighborhood|neighborhoods|neighbourhood|neighbourhoods|district|districts|zone|radius|far|range`,
  fee: `taxa|taxas|frete|tarifa|cobram entrega|fee|fees|surcharge|shipping cost`,
  minimum: `minimo|minima|minimum|at least|no minimo`,
  duration: `demora|demoram|prazo|quanto tempo|leva quanto|minutos|antecedencia|em quanto tempo|how long|wait|advance|ahead|notice|lead time|minutes|in advance`,
  order: `pedido|pedidos|pedir|peco|encomenda|encomendas|encomendar|encomendo|encomendado|reservar|reserva|reservo|order|orders|ordering|ordered|preorder|book|reserve|place an order`,
  pickup: `retirada|retirar|retiro|retira|buscar|pegar|pego|passo ai|pick up|pickup|collect|collection|take away|takeaway|takeout`,
  payment: `pagamento|pagamentos|pagar|pago|paga|aceita|aceitam|aceitamos|forma de pagamento|formas de pagamento|parcela|parcelam|pay|payment|payments|paying|accept|accepts|accepted`,
  pix: `pix`,
  card: `cartao|cartoes|credito|debito|maquininha|visa|mastercard|card|cards|credit|debit|apple pay|google pay`,
  cash: `dinheiro|especie|troco|cash|change`,
  mealVoucher: `vale refeicao|vale alimentacao|vr|ticket|sodexo|alelo|meal voucher|food voucher|voucher|vouchers`,
  allergen: `alergia|alergias|alergico|alergica|alergicos|alergenico|alergenicos|alergeno|alergenos|contem|contaminacao|tracos|intolerante|intolerancia|intolerancias|celiaco|celiaca|celiacos|ingrediente|ingredientes|restricao|restricoes
    |allergy|allergies|allergic|allergen|allergens|contains|contain|traces|intolerant|intolerance|celiac|coeliac|ingredient|ingredients|cross contamination`,
  gluten: `gluten|celiaco|celiaca|celiacos|celiac|coeliac|trigo|wheat`,
  lactose: `lactose|leite|laticinio|laticinios|milk|dairy`,
  egg: `ovo|ovos|egg|eggs`,
  nuts: `castanha|castanhas|amendoim|amendoins|nozes|noz|amendoas|nut|nuts|peanut|peanuts|almond|almonds|cashew|cashews`,
  soy: `soja|soy`,
  vegan: `vegano|vegana|veganos|veganas|vegan|plant based`,
  vegetarian: `vegetariano|vegetariana|vegetarianos|vegetarian`,
  sugarFree: `diet|sem acucar|diabetico|diabeticos|diabetica|zero acucar|acucar|sugar free|diabetic|diabetics|sugar|unsweetened`,
  place: `endereco|onde fica|onde ficam|onde voces ficam|onde e|onde voces|aonde|localizacao|localizam|rua|avenida|perto|chegar|ponto de referencia|mapa|fica onde
    |address|where are you|where is|located|location|street|directions|find you|map|nearby|near|where can i find`,
  parking: `estacionamento|estacionar|vaga|vagas|carro|parking|park|car`,
  phone: `telefone|telefones|ligar|whatsapp|zap|numero|contato|phone|telephone|call|number|contact`,
  email: `email|e mail`,
  social: `instagram|insta|facebook|site|website`,
  holiday: `feriado|feriados|pascoa|sao joao|semana santa|holiday|holidays|easter`,
  christmas: `natal|christmas|xmas`,
  newYear: `ano novo|reveillon|new year|new years|new year s`,
  carnival: `carnaval|carnival`,
  weekend: `fim de semana|final de semana|fins de semana|finais de semana|fds|weekend|weekends`,
  sunday: `domingo|domingos|sunday|sundays`,
  monday: `segunda|segundas|monday|mondays`,
  tuesday: `terca|tercas|tuesday|tuesdays`,
  wednesday: `quarta|quartas|wednesday|wednesdays`,
  thursday: `quinta|quintas|thursday|thursdays`,
  friday: `sexta|sextas|friday|fridays`,
  saturday: `sabado|sabados|saturday|saturdays`,
  bread: `pao|paes|paozinho|bread|breads|roll|rolls|loaf|loaves`,
  frenchBread: `pao frances|pao carioquinha|cacetinho|carioquinha|french bread|french roll|french rolls|pao de sal`,
  sourdough: `fermentacao natural|levain|massa madre|sourdough|italiano`,
  wholegrain: `integral|integrais|wholegrain|whole grain|wholewheat|whole wheat|wholemeal|multigraos|graos`,
  cheeseBread: `pao de queijo|paes de queijo|cheese bread|cheese breads`,
  cheese: `queijo|queijos|cheese|cheeses`,
  ham: `presunto|ham`,
  cake: `bolo|bolos|torta|tortas|cake|cakes|tart|pie`,
  rollCake: `bolo de rolo|roll cake|guava roll`,
  carrotCake: `bolo de cenoura|cenoura|carrot|carrot cake`,
  cornCake: `bolo de milho|milho|corn|cornmeal|fuba`,
  chocolate: `chocolate|brigadeiro|brigadeiros|cacau|cocoa`,
  guava: `goiaba|goiabada|guava`,
  coconut: `coco|coconut`,
  cassava: `macaxeira|mandioca|aipim|cassava|tapioca|goma`,
  croissant: `croissant|croissants`,
  sandwich: `sanduiche|sanduiches|misto|sandwich|sandwiches|toast|toasted`,
  savory: `salgado|salgados|salgadinho|salgadinhos|coxinha|coxinhas|empada|empadas|esfiha|savory|savoury|snack|snacks`,
  sweet: `doce|doces|docinho|docinhos|sobremesa|sobremesas|sonho|sonhos|sweet|sweets|dessert|desserts|pastry|pastries`,
  coffee: `cafe|cafes|cafezinho|espresso|expresso|cappuccino|coffee|coffees`,
  breakfast: `cafe da manha|breakfast|brunch`,
  juice: `suco|sucos|juice|juices`,
  drink: `bebida|bebidas|refrigerante|agua|cha|drink|drinks|soda|water|tea|beverage|beverages`,
  birthday: `aniversario|aniversarios|festa|festas|casamento|evento|eventos|birthday|birthdays|party|parties|wedding|event|events`,
  custom: `personalizado|personalizados|personalizada|sob encomenda|sob medida|decorado|decorados|decoracao|tema|custom|customized|customised|personalized|personalised|decorated|decoration|made to order|theme`,
  deposit: `sinal|adiantamento|entrada de 50|deposit|down payment|upfront|half up front`,
  slice: `fatia|fatias|pedaco|pedacos|slice|slices|piece|pieces|portion|portions|porcao`,
  serves: `serve|serve quantas|rende|rendem|da pra quantas|serves|servings|feed|feeds`,
  kilo: `quilo|quilos|kilo|kilos|kg|pound`,
  unit: `unidade|unidades|cada um|cento|each|unit|hundred|dozen|duzia`,
  cancel: `cancelar|cancelamento|cancela|cancelo|desmarcar|desistir|cancel|cancellation|cancelled|canceled`,
  exchange: `troca|trocar|trocas|devolver|devolucao|devolucoes|reembolso|estorno|reembolsar|estragado|estragada|veio errado|veio errada|exchange|return|returns|refund|refunds|refunded|replace|wrong order|stale`,
  gift: `presente|presentes|cesta|cestas|kit|gift|gifts|basket|baskets|hamper`,
  wifi: `wifi|wi fi|internet`,
  seats: `mesa|mesas|sentar|lugar|lugares|salao|varanda|table|tables|seat|seats|seating|sit|indoors|eat in`,
  pet: `cachorro|cachorros|pet|pets|pet friendly|gato|animal|animais|dog|dogs|animals`,
  access: `acessivel|acessibilidade|cadeirante|cadeira de rodas|rampa|accessible|accessibility|wheelchair|ramp`,
  children: `crianca|criancas|bebe|kids|children|child|baby`,
  job: `vaga de emprego|emprego|trabalhe conosco|curriculo|contratando|contratam|job|jobs|hiring|resume|vacancy`,
  discount: `desconto|descontos|promocao|promocoes|fidelidade|cupom|discount|discounts|promotion|promotions|loyalty|coupon|deal|deals|sale`,
  fresh: `fresco|fresca|fresquinho|quentinho|quente|fornada|fornadas|sai do forno|forno|fresh|freshly|hot|oven|batch|baked`,
  frozen: `congelado|congelados|congelar|congela|frozen|freeze`,
  storage: `dura|duram|guardar|guardo|conservar|conserva|validade|geladeira|keep|keeps|store|storage|shelf life|last|lasts|fridge`,
  invoice: `nota fiscal|cnpj|nf|recibo|invoice|receipt`,
  wholesale: `atacado|revenda|empresa|empresas|escritorio|corporativo|wholesale|bulk|office|corporate|company|companies`,
  owner: `dono|dona|proprietario|proprietaria|responsavel|gerente|owner|owners|manager|boss`,
} satisfies Record<string, string>;

export type Concept = keyof typeof table;

/** Concepts that name what is asked for. The others name what it is asked about. */
export const asked: ReadonlySet<Concept> = new Set<Concept>([
  'hours',
  'price',
  'place',
  'phone',
  'payment',
  'duration',
  'minimum',
  'allergen',
  'fee',
  'delivery',
  'order',
  'area',
]);

/** Phrase, as stems joined by one space, to the concepts it means. */
const phrases = new Map<string, Concept[]>();
let longest = 1;
for (const [name, list] of Object.entries(table) as [Concept, string][]) {
  for (const phrase of list.split('|')) {
    const stems = words(phrase).map(stem);
    const key = stems.join(' ');
    const known = phrases.get(key) ?? [];
    if (!known.includes(name)) phrases.set(key, [...known, name]);
    longest = Math.max(longest, stems.length);
  }
}

export interface Marked {
  readonly concepts: ReadonlySet<Concept>;
  /** For each word of the text, whether a concept accounts for it. */
  readonly covered: readonly boolean[];
}

/** Concepts of a text given its folded words, longest phrase first at each word; a phrase also means what its own words mean. */
export function conceptsOf(text: readonly string[]): Marked {
  const stems = text.map(stem);
  const concepts = new Set<Concept>();
  const covered = text.map(() => false);
  for (let start = 0; start < stems.length; start++) {
    for (let length = Math.min(longest, stems.length - start); length >= 1; length--) {
      const found = phrases.get(stems.slice(start, start + length).join(' '));
      if (!found) continue;
      for (const concept of found) concepts.add(concept);
      covered.fill(true, start, start + length);
    }
  }
  return { concepts, covered };
}
