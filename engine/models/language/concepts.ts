import { words } from './fold.js';
import { stem } from './stem.js';

/**
 * What customers of a small shop ask about, with the words and phrases of both languages that mean it. This is how a question in English
 * finds a passage in Portuguese, and `que horas abre` finds `horário de funcionamento`. Phrases beat words.
 */
const table = {
  hours: `abre|abrem|abrimos|abrindo|abriu|aberto|aberta|abertos|abrir|fecha|fecham|fechamos|fechar|fechado|fechada|horario|horarios|funciona|funcionam|funcionamos|funcionamento|expediente|atendem ate|que horas|ate que horas|de que horas|que hora
    |open|opens|opening|close|closes|closing|closed|hours|opening times|business hours|what time|how late|how early`,
  price: `preco|precos|preço|custa|custam|custo|valor|valores|quanto e|quanto ta|quanto sai|quanto fica|quanto custa|quanto cobram|ta quanto|sai por quanto|cobram|cobra|cobrado|caro|cara|barato|barata|precinho|reais|cuesta|cuanto cuesta|precio|precios
    |price|prices|priced|pricing|cost|costs|how much|expensive|cheap|charge|fee`,
  menu: `cardapio|cardapios|tabela de precos|lista de precos|catalogo|servicos|o que voces tem|o que voce tem|o que tem ai|que voces tem|o que tem hoje|o que voces vendem|o que voces fazem|o que voces oferecem|que tem ai|menu|price list|services|what do you sell|what do you have|what do you offer|what have you got|what s on the menu`,
  delivery: `entrega|entregas|entregam|entregar|entregamos|entregue|delivery|tele entrega|motoboy|levam em casa|levar em casa|trazem|frete|manda pra ca|em casa|a domicilio|em domicilio|demora pra chegar|demora quanto pra chegar|demora a chegar|tempo pra chegar|tempo chega
    |deliver|delivers|delivered|deliveries|delivering|ship|shipping|bring it to|courier|at home|to my home|to my house|to get here`,
  area: `bairro|bairros|regiao|area|areas|raio|km|distancia|zona|cobertura|neighborhood|neighborhoods|neighbourhood|neighbourhoods|district|districts|zone|radius|far|range`,
  fee: `taxa|taxas|frete|tarifa|cobram entrega|fee|fees|surcharge|shipping cost`,
  minimum: `minimo|minima|minimum|min|at least|no minimo`,
  duration: `demora|demoram|prazo|quanto tempo|leva quanto|minutos|antecedencia|em quanto tempo|pra hoje|para hoje|pra amanha|para amanha|em cima da hora|ultima hora|for today|for tomorrow|last minute|how long|wait|advance|ahead|notice|lead time|minutes|in advance`,
  order: `pedido|pedidos|pedir|peco|encomenda|encomendas|encomendar|encomendo|encomendado|reservar|reserva|reservo|order|orders|ordering|ordered|preorder|book|reserve|place an order`,
  pickup: `retirada|vou buscar|retirar|retiro|retira|buscar|pegar|pego|passo ai|pick up|pickup|collect|collection|take away|takeaway|takeout`,
  payment: `pagamento|pagamentos|pagar|pago|paga|aceita|aceitam|aceitamos|forma de pagamento|formas de pagamento|pay|payment|payments|paying|accept|accepts|accepted`,
  installments: `parcela|parcelas|parcelam|parcelar|parcelado|parcelamento|quantas vezes|em 2x|em 3x|instalment|instalments|installment|installments`,
  pix: `pix`,
  card: `cartao|cartoes|cartao de credito|no credito|debito|maquininha|visa|mastercard|card|cards|credit card|credit cards|debit|apple pay|google pay`,
  cash: `dinheiro|especie|troco|cash|change`,
  mealVoucher: `vale refeicao|vale alimentacao|vr|ticket|sodexo|alelo|meal voucher|food voucher|voucher|vouchers`,
  allergen: `alergia|alergias|alergico|alergica|alergicos|alergenico|alergenicos|alergeno|alergenos|contem|contaminacao|contaminacao cruzada|contaminar|tracos|intolerante|intolerancia|intolerancias|celiaco|celiaca|celiacos|ingrediente|ingredientes|restricao|restricoes
    |allergy|allergies|allergic|allergen|allergens|contains|contain|traces|intolerant|intolerance|celiac|coeliac|ingredient|ingredients|cross contamination`,
  gluten: `gluten|glutem|gluten free|celiaco|celiaca|celiacos|celiac|coeliac|trigo|wheat`,
  lactose: `lactose|leite|laticinio|laticinios|milk|dairy|dairy free|lactose free|milk free`,
  egg: `ovo|ovos|egg|eggs|egg free`,
  nuts: `castanha|castanhas|amendoim|amendoins|nozes|noz|amendoas|nut|nuts|peanut|peanuts|almond|almonds|cashew|cashews|nut free`,
  soy: `soja|soy`,
  seafood: `camarao|camaroes|frutos do mar|marisco|mariscos|crustaceo|crustaceos|peixe|peixes|shrimp|shrimps|prawn|prawns|seafood|shellfish|fish`,
  vegan: `vegano|vegana|veganos|veganas|vegan|plant based`,
  vegetarian: `vegetariano|vegetariana|vegetarianos|vegetarian`,
  sugarFree: `diet|sem acucar|diabetico|diabeticos|diabetica|diabetes|zero acucar|acucar|sugar free|diabetic|diabetics|sugar|unsweetened`,
  place: `voces ficam|ficam em|fica em|fica no|fica na|are you in|you guys in|endereco|onde fica|onde ficam|onde voces ficam|onde e|onde voces|aonde|localizacao|localizam|rua|avenida|perto|como chegar|como chego|como faco pra chegar|como faco para chegar|chegar ai|ponto de referencia|mapa|fica onde
    |address|where are you|where is|located|location|street|directions|find you|map|nearby|near|where can i find`,
  parking: `estacionamento|estacionar|vaga|vagas|estaciono|vaga pra carro|vaga para carro|vaga de carro|parar o carro|parking|park`,
  phone: `telefone|telefones|ligar|whatsapp|zap|numero|contato|phone|telephone|call|number|contact`,
  email: `email|e mail`,
  social: `instagram|insta|facebook|site|website`,
  holiday: `feriado|feriados|feriadao|pascoa|sao joao|semana santa|corpus christi|tiradentes|finados|=sexta feira santa|=sexta santa|=good friday|7 de setembro|12 de outubro|2 de novembro|15 de novembro|20 de novembro|21 de abril|1 de maio|dia do trabalho|dia das maes|dia dos pais|holiday|holidays|bank holiday|easter`,
  christmas: `natal|25 12|25 de dezembro|december 25|dec 25|25 december|christmas|christmas day|xmas`,
  christmasEve: `vespera de natal|24 12|24 de dezembro|24 e 31|24 and 31|december 24|dec 24|24 december|christmas eve`,
  newYear: `ano novo|reveillon|01 01|1 1|1 de janeiro|1º de janeiro|primeiro de janeiro|january 1|january 1st|jan 1|jan 1st|1 january|1st of january|new year|new years|new year s`,
  newYearEve: `vespera de ano novo|reveillon|31 12|31 de dezembro|24 e 31|24 and 31|december 31|dec 31|31 december|new year s eve|new years eve`,
  carnival: `carnaval|carnival`,
  weekend: `fim de semana|final de semana|fins de semana|finais de semana|fds|weekend|weekends`,
  sunday: `domingo|domingos|sunday|sundays`,
  monday: `segunda|segundas|monday|mondays`,
  tuesday: `terca|tercas|tuesday|tuesdays`,
  wednesday: `quarta|quartas|wednesday|wednesdays`,
  thursday: `quinta|quintas|thursday|thursdays`,
  friday: `sexta|sextas|friday|fridays`,
  saturday: `sabado|sabados|saturday|saturdays`,
  bread: `pao|paes|paozinho|pan|panes|bread|breads|roll|rolls|loaf|loaves`,
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
  chocolate: `chocolate|cacau`,
  guava: `goiaba|goiabada|guava`,
  coconut: `coco|coconut`,
  cassava: `macaxeira|mandioca|aipim|cassava|tapioca|goma`,
  croissant: `croissant|croissants`,
  sandwich: `sanduiche|sanduiches|sandwich|sandwiches|toast|toasted`,
  savory: `salgado|salgados|salgadinho|salgadinhos|savory|savoury|snack|snacks`,
  sweet: `doce|doces|docinho|docinhos|sobremesa|sobremesas|sonho|sonhos|sweet|sweets|dessert|desserts|pastry|pastries`,
  coffee: `cafe|cafes|cafezinho|espresso|expresso|cappuccino|coffee|coffees`,
  breakfast: `cafe da manha|breakfast|brunch`,
  juice: `suco|sucos|juice|juices`,
  drink: `bebida|bebidas|refrigerante|agua|cha|drink|drinks|soda|water|tea|beverage|beverages`,
  coxinha: `coxinha|coxinhas`,
  empada: `empada|empadas|empadinha`,
  brigadeiro: `brigadeiro|brigadeiros|docinho de festa`,
  toastie: `misto|misto quente|ham and cheese|toastie`,
  spice: `canela|cinnamon`,
  salad: `salada|saladas|salad|salads`,
  hundred: `cento|centos|100|hundred|hundreds`,
  driver: `motorista|motoboy|motorista de aplicativo|uber|taxi|driver`,
  birthday: `aniversario|aniversarios|festa|festas|casamento|evento|eventos|birthday|birthdays|party|parties|wedding|event|events`,
  custom: `personalizado|personalizados|personalizada|sob encomenda|sob medida|decorado|decorados|decoracao|tema|custom|customized|customised|personalized|personalised|decorated|decoration|made to order|theme`,
  deposit: `sinal|adiantamento|entrada de 50|deposit|down payment|upfront|half up front`,
  slice: `fatia|fatias|pedaco|pedacos|slice|slices|piece|pieces|portion|portions|porcao`,
  serves: `serve|serve quantas|rende|rendem|da pra quantas|serves|servings|feed|feeds`,
  kilo: `quilo|quilos|kilo|kilos|kg|pound`,
  unit: `unidade|unidades|cada um|each|unit|dozen|duzia`,
  cancel: `cancelar|cancelamento|cancela|cancelo|desmarcar|desistir|cancel|cancellation|cancelled|canceled`,
  refund: `reembolso|estorno|reembolsar|devolucao|devolvem|dinheiro de volta|refund|refunds|refunded|money back`,
  exchange: `vier errado|vier errada|vier estragado|troca|trocar|trocas|devolver|devolvem|devolucao|devolucoes|reembolso|estorno|reembolsar|estragado|estragada|veio errado|veio errada|exchange|return|returns|refund|refunds|refunded|replace|wrong order|stale`,
  gift: `presente|presentes|cesta|cestas|kit|gift|gifts|basket|baskets|hamper`,
  wifi: `wifi|wi fi|internet`,
  seats: `mesa|mesas|sentar|lugar|lugares|salao|varanda|table|tables|seat|seats|seating|sit|indoors|eat in`,
  pet: `cachorro|cachorros|pet|pets|pet friendly|gato|animal|animais|dog|doguinho|dogs|animals|perro`,
  access: `acessivel|acessibilidade|cadeirante|cadeira de rodas|rampa|accessible|accessibility|wheelchair|ramp`,
  children: `crianca|criancas|bebe|kids|children|child|baby`,
  job: `vaga de emprego|emprego|trabalhe conosco|curriculo|contratando|contratam|job|jobs|hiring|resume|vacancy`,
  discount: `desconto|descontos|promocao|promocoes|fidelidade|cupom|discount|discounts|promotion|promotions|loyalty|coupon|deal|deals|sale`,
  fresh: `fresco|fresca|fresquinho|quentinho|quente|fornada|fornadas|sai do forno|forno|fresh|freshly|hot|oven|batch|baked`,
  frozen: `congelado|congelados|congelar|congela|frozen|freeze`,
  storage: `dura|duram|guardar|guardo|conservar|conserva|validade|geladeira|keep|keeps|store|storage|shelf life|last|lasts|fridge`,
  invoice: `nota fiscal|cnpj|nf|recibo|invoice|receipt|cupom fiscal`,
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
  'menu',
]);

/** What a product may hold and a customer may not eat. */
export const ingredients = ['gluten', 'lactose', 'egg', 'nuts', 'soy', 'seafood'] as const satisfies readonly Concept[];

/** Phrase, as stems joined by one space, to the concepts it means. */
const phrases = new Map<string, Concept[]>();
/** Phrases whose words mean nothing by themselves: written with `=` before them. */
const whole = new Set<string>();
let longest = 1;
for (const [name, list] of Object.entries(table) as [Concept, string][]) {
  for (const phrase of list.split('|')) {
    const stems = words(phrase).map(stem);
    const key = stems.join(' ');
    const known = phrases.get(key) ?? [];
    if (phrase.trim().startsWith('=')) whole.add(key);
    if (!known.includes(name)) phrases.set(key, [...known, name]);
    longest = Math.max(longest, stems.length);
  }
}

export interface Marked {
  readonly concepts: ReadonlySet<Concept>;
  /** For each word of the text, whether a concept accounts for it. */
  readonly covered: readonly boolean[];
}

/** Concepts of a text given its folded words, longest phrase first at each word; a phrase also means what its own words mean, unless it is whole. */
export function conceptsOf(text: readonly string[]): Marked {
  const stems = text.map(stem);
  const concepts = new Set<Concept>();
  const covered = text.map(() => false);
  for (let start = 0; start < stems.length; start++) {
    let skip = 0;
    for (let length = Math.min(longest, stems.length - start); length >= 1; length--) {
      const key = stems.slice(start, start + length).join(' ');
      const found = phrases.get(key);
      if (!found) continue;
      for (const concept of found) concepts.add(concept);
      covered.fill(true, start, start + length);
      if (!whole.has(key)) continue;
      skip = length - 1;
      break;
    }
    start += skip;
  }
  return { concepts, covered };
}
